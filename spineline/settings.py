"""What the environment decides. Read once at start; everything wrong is reported at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spineline.content import DEFAULT_CLINIC
from spineline.errors import ConfigError

_ORIGIN = re.compile(r"https?://[\w.-]+(:\d+)?")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Settings:
    """Every variable of .env.example, with its default.

    Args:
        deadline_s: seconds after which a person gets the safe text instead of an answer.
        data_dir: where conversations are kept.
        secret_key: signs the sessions of the website's chat; empty means a key made once and kept in data_dir.
        allowed_origins: websites that may use the chat, beside the server's own pages, e.g. "https://clinic.example".
    """

    host: str = "127.0.0.1"
    port: int = 5005
    clinic: str = DEFAULT_CLINIC
    model: Path = Path("models/spineline.tar.gz")
    data_dir: Path = Path("var")
    deadline_s: float = 8.0
    secret_key: str = ""
    allowed_origins: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether only this machine can connect."""
        return self.host in LOOPBACK


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the variables; ConfigError lists every one that cannot be used."""
    problems: list[str] = []
    default = Settings()
    settings = Settings(
        host=environment.get("HOST") or default.host,
        port=int(_number("PORT", environment, default.port, 1, 65535, problems)),
        clinic=environment.get("CLINIC") or default.clinic,
        model=Path(environment.get("MODEL") or default.model),
        data_dir=Path(environment.get("DATA_DIR") or default.data_dir),
        deadline_s=_number("DEADLINE_S", environment, default.deadline_s, 0.1, 60, problems),
        secret_key=environment.get("SECRET_KEY") or default.secret_key,
        allowed_origins=_origins(environment.get("ALLOWED_ORIGINS", ""), problems),
    )
    if problems:
        raise ConfigError(problems)
    return settings


def _origins(raw: str, problems: list[str]) -> tuple[str, ...]:
    origins = tuple(origin.rstrip("/") for origin in raw.replace(",", " ").split())
    problems += [
        f"ALLOWED_ORIGINS={origin}: must be scheme and host only, like https://www.clinic.example."
        for origin in origins
        if not _ORIGIN.fullmatch(origin)
    ]
    return origins


def _number(
    name: str, environment: Mapping[str, str], default: float, least: float, most: float, problems: list[str]
) -> float:
    raw = environment.get(name) or str(default)
    try:
        value = float(raw)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        problems.append(
            f"{name}={raw}: must be a number from {least:g} to {most:g}. Change it, or unset it for {default:g}."
        )
        return default
    return value
