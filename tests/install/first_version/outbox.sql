BEGIN TRANSACTION;
CREATE TABLE answered (
    number INTEGER PRIMARY KEY, session TEXT NOT NULL, message TEXT NOT NULL, UNIQUE (session, message));
INSERT INTO "answered" VALUES(1,'e0960bb432affdc391e35a903fac1bc7','waiting1');
INSERT INTO "answered" VALUES(2,'a80724b01647bcfe1cc589604c2e1a52','00000000');
INSERT INTO "answered" VALUES(3,'f63b76a82eaabbd56134f0565f2d73c3','00000000');
CREATE TABLE sessions (
    id TEXT PRIMARY KEY, consented INTEGER NOT NULL, seen INTEGER NOT NULL, language TEXT,
    last_seq INTEGER NOT NULL DEFAULT 0);
INSERT INTO "sessions" VALUES('e0960bb432affdc391e35a903fac1bc7',1795871412,1795871412,NULL,1);
INSERT INTO "sessions" VALUES('a80724b01647bcfe1cc589604c2e1a52',1795871412,1795871412,NULL,1);
INSERT INTO "sessions" VALUES('f63b76a82eaabbd56134f0565f2d73c3',1795871412,1795871412,NULL,1);
INSERT INTO "sessions" VALUES('19d2c354c6a21466cedc0a77ae5392de',1795871412,1795871412,'es',0);
CREATE TABLE waiting (
    session TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (session, seq));
INSERT INTO "waiting" VALUES('e0960bb432affdc391e35a903fac1bc7',1,'{"type": "reply", "to": "waiting1", "reply": {"text": "Bare feet, flats or heels do not harm a back by themselves. If your back or feet ache after wearing them, use them less, and get used to a new kind of shoe little by little. For lifting, choose something steady.", "language": "en", "card": "shoes/safe", "choices": [{"title": "Which shoes are good?", "payload": "/ask_posture_shoes{\"choice\": \"shoes/which\"}"}, {"title": "Insoles", "payload": "/ask_posture_shoes{\"choice\": \"insoles/about\"}"}, {"title": "Lifting weights", "payload": "/ask_lifting{\"choice\": \"lifting/about\"}"}], "sources": [{"title": "General knowledge with no page seen; to be confirmed by the reviewing clinician", "publisher": "none"}]}, "last": true, "seq": 1}');
COMMIT;
