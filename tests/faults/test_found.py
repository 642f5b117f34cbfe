"""Twenty-eight faults that were found by attacking an early version, and the tests that would find each again."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
EDGE, KEPT, TURNS = "faults/test_raw_requests.py", "unit/keep", "unit/turns"
FOUND = {
    "1 a negative length hangs the server": f"{EDGE}::test_a_length_that_can_be_read_in_two_ways_is_refused",
    "2 an alarm is dropped on a full disk": "faults/test_web_faults.py::"
    "test_an_alarm_arrives_although_nothing_can_be_written",
    "3 a refused emergency is not written down": "faults/test_refused_emergencies.py::"
    "test_it_is_written_down_with_an_open_alarm",
    "4 REST is open behind a proxy": "edge/test_proxies.py::"
    "test_what_is_for_programs_is_closed_however_its_path_is_written",
    "5 lapsed sessions block the loop": "unit/server/test_keeping.py::"
    "test_a_chat_that_begins_does_not_pay_for_those_that_have_lapsed",
    "6 a line break or a disguised letter hides danger": "safety/test_forms.py::"
    "test_what_alarms_still_alarms_as_urgently",
    "7 a kill loses alarms": "kills/test_steps.py::test_whoever_is_cut_off_anywhere_is_answered_and_stored_once",
    "8 a purge keeps everybody waiting": "unit/stores/test_tracker.py::test_a_purge_lets_others_write_in_between",
    "9 forget misses the folder": "unit/server/test_keeping.py::"
    "test_where_nothing_is_kept_nothing_is_deleted_and_nothing_made",
    "10 frames without end": "faults/test_raw_sockets.py::test_more_frames_than_anybody_types_end_the_line",
    "11 deleted words stay in a file": "unit/stores/test_tracker.py::"
    "test_a_deletion_is_not_claimed_while_another_program_keeps_the_words_in_a_file",
    "12 a turn is written after the deletion": "faults/test_deletion.py::"
    "test_a_turn_that_timed_out_is_not_recorded_after_the_deletion",
    "13 two servers on one folder": f"{KEPT}/test_backup.py::test_two_servers_do_not_share_a_folder",
    "14 a repetition is stored again": "kills/test_kills.py::"
    "test_kill_9_under_load_loses_nothing_and_stores_nothing_twice",
    "15 long texts hold up an emergency": "faults/test_web_faults.py::"
    "test_long_danger_waits_for_no_earlier_message_either",
    "16 another process locks the database": f"{KEPT}/test_database.py::"
    "test_while_another_process_holds_the_database_nobody_waits_for_long_and_nothing_is_lost",
    "17 a start fails without a reason": "unit/server/test_start.py::test_a_damaged_database_is_named_with_what_to_do",
    "18 old answers are kept for ever": f"{KEPT}/test_outbox.py::"
    "test_old_sessions_are_purged_in_small_steps_with_all_that_waited_for_them",
    "19 a request that never ends": f"{EDGE}::test_who_sends_byte_after_byte_is_sent_away",
    "20 SIGTERM silences the website": "faults/test_sigterm.py::test_sigterm_in_the_middle_of_a_turn",
    "21 a clock set back locks people out": f"{TURNS}/test_limits.py::test_a_clock_that_is_set_back_locks_nobody_out",
    "22 make reads .env as commands": "unit/test_env_file.py::test_a_value_means_what_dotenv_means",
    "23 one address in many forms": f"{TURNS}/test_limits.py::test_every_form_of_an_ipv6_address_is_the_same_client",
    "24 a database that was deleted is not missed": f"{KEPT}/test_database.py::"
    "test_a_file_that_was_deleted_is_missed_and_the_one_in_its_place_is_opened",
    "25 an empty key signs": f"{KEPT}/test_sessions.py::test_a_key_that_is_too_short_is_refused",
    "26 strange bytes get an error 500": f"{EDGE}::test_what_is_no_plain_request_is_refused",
    "27 an export is not whole": "unit/server/test_keeping.py::"
    "test_an_export_holds_all_that_is_kept_of_every_connected_chat",
    "28 words stay in memory": "unit/nlu/test_spacy_ruler.py::test_no_word_of_a_message_is_kept",
}


@pytest.mark.parametrize("fault", FOUND)
def test_what_was_found_has_a_test(fault: str) -> None:
    file, _, name = FOUND[fault].partition("::")
    assert f"def {name}(" in (TESTS / file).read_text(encoding="utf8")


def test_each_of_them_stands_here() -> None:
    assert [int(fault.split()[0]) for fault in FOUND] == list(range(1, 29))
