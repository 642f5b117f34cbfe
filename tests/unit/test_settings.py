"""The environment: defaults that suit a laptop, and everything wrong reported at once without showing secrets."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from spineline.content.library import ROOT
from spineline.env_file import EnvFile, read_env_file
from spineline.errors import ConfigError
from spineline.settings import Settings, read_settings

TOKEN = "x" * 16


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings()


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings({"PORT": "", "CLINIC": "", "RATE_PER_SESSION": ""}) == Settings()


def test_the_defaults_serve_this_machine_only() -> None:
    assert Settings().is_local


@pytest.mark.parametrize(
    ("name", "raw", "field", "value"),
    [
        ("PORT", "8080", "port", 8080),
        ("CLINIC", "example", "clinic", "example"),
        ("MODEL", "models/other.tar.gz", "model", Path("models/other.tar.gz")),
        ("DATA_DIR", "/data", "data_dir", Path("/data")),
        ("KEPT_DAYS", "7", "kept_days", 7),
        ("DEADLINE_S", "2.5", "deadline_s", 2.5),
        ("REST_TOKEN", TOKEN, "rest_token", TOKEN),
        ("RATE_PER_SESSION", "5 / second", "rate_per_session", "5/second"),
        ("RATE_PER_ADDRESS", "0", "rate_per_address", ""),
        ("ALLOWED_ORIGINS", "https://a.example, http://b.example:81/", "allowed_origins", 2),
        ("TRUSTED_PROXIES", "10.0.0.0/8 ::1", "trusted_proxies", (ip_network("10.0.0.0/8"), ip_network("::1"))),
        ("METRICS_PORT", "9100", "metrics_port", 9100),
    ],
)
def test_each_variable_is_read(name: str, raw: str, field: str, value: object) -> None:
    if field == "allowed_origins":
        value = ("https://a.example", "http://b.example:81")
    assert getattr(read_settings({name: raw}), field) == value


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("PORT", "nan"),
        ("PORT", "80.5"),
        ("KEPT_DAYS", "0"),
        ("KEPT_DAYS", "inf"),
        ("DEADLINE_S", "-1"),
        ("MOST_IN_FLIGHT", "0"),
        ("RATE_PER_SESSION", "often"),
        ("RATE_PER_ADDRESS", "0/minute"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "https://a.example/path"),
        ("TRUSTED_PROXIES", "my-proxy"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, raw: str) -> None:
    with pytest.raises(ConfigError, match=f"{name}="):
        read_settings({name: raw})


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings({"PORT": "x", "KEPT_DAYS": "x", "ALLOWED_ORIGINS": "x", "REST_TOKEN": "short"})
    assert len(caught.value.problems) == 4


def test_a_short_token_is_refused_without_being_shown() -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings({"REST_TOKEN": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_an_open_server_must_have_a_limit() -> None:
    with pytest.raises(ConfigError, match="RATE_PER_SESSION=0: there must be a limit"):
        read_settings({"HOST": "0.0.0.0", "RATE_PER_SESSION": "0"})


def test_two_things_cannot_share_a_port() -> None:
    with pytest.raises(ConfigError, match="is also PORT"):
        read_settings({"PORT": "9100", "METRICS_PORT": "9100"})


def file(**lines: str) -> EnvFile:
    return EnvFile(lines, {name: f".env:{number}" for number, name in enumerate(lines, 1)})


def test_the_environment_wins_over_the_file() -> None:
    settings = read_settings({"CLINIC": "x"}, file(CLINIC="y", PORT="6000"))
    assert (settings.clinic, settings.port) == ("x", 6000)


def test_an_empty_variable_of_the_environment_takes_back_what_the_file_says() -> None:
    assert read_settings({"PORT": ""}, file(PORT="6000")).port == Settings().port


@pytest.mark.parametrize("name", ["PORT", "TWILIO_NUMBER", "LOG_LEVEL", "MODEL", "SECRET_KEY"])
def test_a_wrong_value_of_the_file_is_named_with_its_line(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings({}, file(CLINIC="example", **{name: "wrong"}))
    assert any(problem.startswith(f".env:2: {name}") for problem in caught.value.problems)


def test_a_wrong_value_of_the_environment_is_not_blamed_on_the_file() -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings({"PORT": "x"}, file(PORT="6000"))
    assert ".env" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "told"), [("PROT", "Did you mean PORT?"), ("DATADIR", "DATA_DIR?"), ("QQQ", "Take it out")]
)
def test_an_unknown_variable_of_the_file_is_named_with_its_line(name: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings({}, file(CLINIC="example", **{name: "hunter2"}))
    (problem,) = caught.value.problems
    assert problem.startswith(f".env:2: {name} is no variable")
    assert told in problem
    assert "hunter2" not in problem


def test_other_programs_variables_in_the_environment_are_none_of_our_business() -> None:
    assert read_settings({"PROT": "1", "HOME": "/root"}) == Settings()


def test_every_variable_of_the_example_is_known_and_good() -> None:
    read_settings({}, read_env_file(ROOT / ".env.example"))


def test_secrets_are_not_shown() -> None:
    shown = repr(read_settings({"SECRET_KEY": "hunter2" * 5, "REST_TOKEN": "hunter2" * 5}))
    assert "hunter2" not in shown


def test_a_short_key_is_refused_without_being_shown() -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY: is shorter than 16") as caught:
        read_settings({"SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("level", ["debug", "Info", "WARNING"])
def test_a_log_level_is_taken_in_any_case(level: str) -> None:
    assert read_settings({"LOG_LEVEL": level}).log_level == level.upper()
