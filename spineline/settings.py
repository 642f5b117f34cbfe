"""What the environment and `.env` decide. Read once at start; everything wrong is reported at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from spineline.accounts import ACCOUNT_VARIABLES, NO_ACCOUNTS, Accounts, read_accounts
from spineline.env_file import NO_FILE, EnvFile
from spineline.errors import ConfigError

_ORIGIN = re.compile(r"https?://[\w.-]+(:\d+)?")
_RATE = re.compile(r"[1-9]\d*/(second|minute|hour)")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_NAME = re.compile(r"([A-Z][A-Z0-9_]+)[=:]")
_DATABASE = re.compile(r"postgresql://.|sqlite:///.")
DATABASE_FILE = "spineline.db"
SHORTEST_TOKEN = 16
MODEL_SUFFIX = ".tar.gz"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

DEFAULT_CLINIC = "spine_institute"

Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Settings:
    """Every variable of .env.example, with its default.

    Args:
        deadline_s: seconds after which a person gets the safe text instead of an answer.
        data_dir: where everything is kept that needs a file.
        database_url: the database; empty means spineline.db in data_dir.
        kept_days: how long conversations are kept.
        secret_key: signs the sessions of the website's chat; empty means a key made once and kept in data_dir.
        allowed_origins: websites that may use the chat, beside the server's own pages, e.g. "https://clinic.example".
        rest_token: what programs on other machines must send; empty means that only this machine may use REST.
        rate_per_session, rate_per_address: messages, e.g. "60/minute"; empty means no limit.
        trusted_proxies: whose X-Forwarded-For counts.
        most_in_flight: turns answered at the same time; more are asked to come back in a moment.
        metrics_port: on 127.0.0.1; 0 means none.
        log_level: of our own events, one of LOG_LEVELS; libraries are logged from warnings up.
        accounts: with messengers and telephone companies.
    """

    host: str = "127.0.0.1"
    port: int = 5005
    clinic: str = DEFAULT_CLINIC
    model: Path = Path("models/spineline.tar.gz")
    data_dir: Path = Path("var")
    database_url: str = field(default="", repr=False)
    kept_days: int = 30
    deadline_s: float = 8.0
    secret_key: str = field(default="", repr=False)
    allowed_origins: tuple[str, ...] = ()
    rest_token: str = field(default="", repr=False)
    rate_per_session: str = "60/minute"
    rate_per_address: str = "300/minute"
    trusted_proxies: tuple[Network, ...] = ()
    most_in_flight: int = 64
    metrics_port: int = 0
    log_level: str = "INFO"
    accounts: Accounts = NO_ACCOUNTS

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / DATABASE_FILE}"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can connect."""
        return self.host in LOOPBACK


def read_settings(environment: Mapping[str, str], file: EnvFile = NO_FILE) -> Settings:
    """Read the variables; ConfigError lists every one that cannot be used, with its place in the file.

    The environment wins over the file. A variable that is empty means the default.
    """
    given = {**file.values, **environment}
    reader = _Reader(given)
    default = Settings()
    accounts, wrong_accounts = read_accounts(given)
    settings = Settings(
        host=reader.text("HOST", default.host),
        port=reader.whole("PORT", default.port, 1, 65535),
        clinic=reader.text("CLINIC", default.clinic),
        model=reader.model("MODEL", default.model),
        data_dir=Path(reader.text("DATA_DIR", str(default.data_dir))),
        database_url=reader.database("DATABASE_URL"),
        kept_days=reader.whole("KEPT_DAYS", default.kept_days, 1, 3650),
        deadline_s=reader.number("DEADLINE_S", default.deadline_s, 0.1, 60),
        secret_key=reader.token("SECRET_KEY"),
        allowed_origins=reader.origins("ALLOWED_ORIGINS"),
        rest_token=reader.token("REST_TOKEN"),
        rate_per_session=reader.rate("RATE_PER_SESSION", default.rate_per_session),
        rate_per_address=reader.rate("RATE_PER_ADDRESS", default.rate_per_address),
        trusted_proxies=reader.networks("TRUSTED_PROXIES"),
        most_in_flight=reader.whole("MOST_IN_FLIGHT", default.most_in_flight, 1, 10_000),
        metrics_port=reader.whole("METRICS_PORT", default.metrics_port, 0, 65535),
        log_level=reader.level("LOG_LEVEL", default.log_level),
        accounts=accounts,
    )
    places = {name: place for name, place in file.places.items() if name not in environment}
    wrong = [_placed(p, places) for p in (*reader.problems, *wrong_accounts, *_contradictions(settings))]
    problems = [*file.problems, *wrong, *_unknown(file.places, {*reader.known, *ACCOUNT_VARIABLES})]
    if problems:
        raise ConfigError(problems)
    return settings


def _placed(problem: str, places: Mapping[str, str]) -> str:
    """With file and line, when the variable that it begins with stands in the file."""
    name = _NAME.match(problem)
    return f"{places[name[1]]}: {problem}" if name and name[1] in places else problem


def _unknown(places: Mapping[str, str], known: set[str]) -> Iterator[str]:
    for name, place in places.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            way_out = f"Did you mean {near[0]}?" if near else "Take it out; .env.example has all there are."
            yield f"{place}: {name} is no variable of Spineline. {way_out}"


def _contradictions(settings: Settings) -> list[str]:
    problems = []
    if settings.metrics_port == settings.port:
        problems.append(f"METRICS_PORT={settings.metrics_port}: is also PORT. Choose another one, or 0 for none.")
    unlimited = [n for n in ("rate_per_session", "rate_per_address") if not getattr(settings, n)]
    if not settings.is_local:
        problems += [
            f"{name.upper()}=0: there must be a limit unless HOST is 127.0.0.1. Set one, like 60/minute."
            for name in unlimited
        ]
    return problems


class _Reader:
    """Reads single variables and notes what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []
        self.known: set[str] = set()

    def text(self, name: str, default: str) -> str:
        self.known.add(name)
        return self._environment.get(name) or default

    def number(self, name: str, default: float, least: float, most: float) -> float:
        raw = self.text(name, str(default))
        try:
            value = float(raw)
        except ValueError:
            value = least - 1
        if least <= value <= most:
            return value
        self._wrong(name, raw, f"must be a number from {least:g} to {most:g}", f"unset it for {default:g}")
        return float(default)

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        value = self.number(name, default, least, most)
        if not value.is_integer():
            self._wrong(name, self.text(name, ""), "must be a whole number", f"unset it for {default}")
        return int(value)

    def model(self, name: str, default: Path) -> Path:
        raw = self.text(name, str(default))
        if not raw.endswith(MODEL_SUFFIX):
            self._wrong(name, raw, f"must be a file that ends in {MODEL_SUFFIX}", f"unset it for {default}")
        return Path(raw)

    def level(self, name: str, default: str) -> str:
        level = self.text(name, default).upper()
        if level not in LOG_LEVELS:
            self._wrong(name, level, f"must be one of {', '.join(LOG_LEVELS)}", f"unset it for {default}")
        return level

    def database(self, name: str) -> str:
        url = self.text(name, "")
        if url and not _DATABASE.match(url):
            rule = "must begin with postgresql:// or sqlite:///"
            self.problems.append(f"{name}: {rule}. Change it, or unset it for a file in DATA_DIR.")
        return url

    def token(self, name: str) -> str:
        token = self.text(name, "")
        if token and len(token) < SHORTEST_TOKEN:
            self.problems.append(f"{name}: is shorter than {SHORTEST_TOKEN} characters. Use a long random text.")
        return token

    def rate(self, name: str, default: str) -> str:
        raw = self.text(name, default).replace(" ", "")
        if raw == "0" or _RATE.fullmatch(raw):
            return "" if raw == "0" else raw
        self._wrong(name, raw, "must be like 60/minute (second, minute or hour), or 0", f"unset it for {default}")
        return default

    def networks(self, name: str) -> tuple[Network, ...]:
        return tuple(n for raw in self._list(name) if (n := self._network(name, raw)))

    def _network(self, name: str, raw: str) -> Network | None:
        try:
            return ip_network(raw)
        except ValueError:
            self._wrong(name, raw, "must be an address or a network like 10.0.0.0/8", "leave it out")
            return None

    def origins(self, name: str) -> tuple[str, ...]:
        origins = tuple(origin.rstrip("/") for origin in self._list(name))
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                rule = "must be scheme and host only, like https://www.clinic.example"
                self._wrong(name, origin, rule, "leave it out")
        return origins

    def _list(self, name: str) -> list[str]:
        return self.text(name, "").replace(",", " ").split()

    def _wrong(self, name: str, raw: str, rule: str, way_out: str) -> None:
        self.problems.append(f"{name}={raw}: {rule}. Change it, or {way_out}.")
