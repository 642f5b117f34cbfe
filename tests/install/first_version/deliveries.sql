BEGIN TRANSACTION;
CREATE TABLE opted_out (sender TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
INSERT INTO "opted_out" VALUES('sms:1b257b79d377bda83dd6fff0d69470f1',1.79587141248552155489e+09);
INSERT INTO "opted_out" VALUES('sms:e7ed36d60995b3cf87005353d10e01ab',1.79587141250338459016e+09);
CREATE TABLE outgoing (
    number INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, recipient TEXT NOT NULL, sender TEXT NOT NULL,
    body TEXT NOT NULL, put REAL NOT NULL, due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0);
INSERT INTO "outgoing" VALUES(1,'telegram','77','telegram:d39c3254a8a3cbcf6dc79670b9d1ffdd','{"text": "Automated assistant, not a person. The clinic may keep this chat for 30 days. Not for emergencies: call 911. To know more, type: privacy"}',1.79587141255063271515e+09,1.79587141355308771133e+09,1);
INSERT INTO "outgoing" VALUES(2,'telegram','77','telegram:d39c3254a8a3cbcf6dc79670b9d1ffdd','{"text": "Either one can ease an ache for a while, so use the one that feels better. Many people start with ice for a day or two and then change to heat. Heat has slightly better proof. Neither heals the cause.\nIf it gets worse, call 310-828-7757. Numbness between the legs, trouble peeing or pooping, leg weakness, fever or chest pain: get emergency care now, or call 911.", "reply_markup": {"inline_keyboard": [[{"text": "How do I use ice?", "callback_data": "ice/how"}], [{"text": "How do I use a heat pack?", "callback_data": "heat/how"}], [{"text": "Are ice and heat safe?", "callback_data": "ice_or_heat/safe"}], [{"text": "Soothe an ache", "callback_data": "soothing/about"}]]}}',1.79587141255063271515e+09,1.79587141255063271515e+09,0);
CREATE TABLE seen (
    channel TEXT NOT NULL, message TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (channel, message)) WITHOUT ROWID;
INSERT INTO "seen" VALUES('sms','SM00000000000000000000000000000001',1.79587141248272442821e+09);
INSERT INTO "seen" VALUES('sms','SM00000000000000000000000000000002',1.79587141248571562765e+09);
INSERT INTO "seen" VALUES('sms','SM00000000000000000000000000000003',1.79587141250061488153e+09);
INSERT INTO "seen" VALUES('sms','SM00000000000000000000000000000004',1.79587141250356292724e+09);
INSERT INTO "seen" VALUES('sms','SM00000000000000000000000000000005',1.79587141251022720331e+09);
INSERT INTO "seen" VALUES('sms','SM00000000000000000000000000000006',1.7958714125276324749e+09);
INSERT INTO "seen" VALUES('telegram','1',1.79587141255063271515e+09);
CREATE INDEX outgoing_order ON outgoing (channel, recipient, number);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outgoing',2);
COMMIT;
