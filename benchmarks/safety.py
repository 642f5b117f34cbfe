"""What the red-flag rules alone find and cost: twins in both languages, CPU per message. Writes results/safety.json."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.machine import write_result  # noqa: E402
from benchmarks.nlu import development_rows, held_out  # noqa: E402
from spineline.danger.rules import RedFlagRules, load_red_flags  # noqa: E402
from spineline.danger.tiers import Tier  # noqa: E402
from spineline.text.yaml_file import read_yaml  # noqa: E402

USED = ("blind", "strangers", "round_two", "round_three")
PROSE = "my lower back hurts after squats and sometimes i get a tingle in one foot but no fever. "
THOUSAND = (PROSE * 12)[:1000]
PATTERNS = (PROSE, "no ", "if ", "a", "a ", "numb legs ", "my leg, ", "can't pee. ", "🔥", "nnnnumb ")


def cpu_ms(rules: RedFlagRules, text: str) -> float:
    started = process_time()
    rules.assess(text)
    return (process_time() - started) * 1000


def slowest_growth(rules: RedFlagRules) -> dict[str, float | str]:
    """The repeated words whose time grows most when the text becomes four times as long; linear is 4."""
    growth = {}
    for pattern in PATTERNS:
        shorter, longer = ((pattern * length)[:length] for length in (2_000, 8_000))
        growth[pattern] = min(cpu_ms(rules, longer) for _ in range(3)) / min(cpu_ms(rules, shorter) for _ in range(3))
    worst = max(growth, key=growth.__getitem__)
    return {"text": worst, "times": round(growth[worst], 1)}


def alarm(rules: RedFlagRules, text: str) -> str | None:
    flag = rules.assess(text).red_flag
    return flag.tier.value if flag and flag.alarms else None


def share(hits: list[bool]) -> str:
    return f"{100 * sum(hits) / max(1, len(hits)):.1f} % ({sum(hits)} of {len(hits)})"


def twins(rules: RedFlagRules) -> str:
    pairs = read_yaml(ROOT / "tests/safety/twins.yml")
    for flag in read_yaml(ROOT / "content/red_flags.yml")["flags"]:
        pairs += [twin for twins in flag["examples"].values() for twin in twins]
    return share([alarm(rules, pair["en"]) == alarm(rules, pair["es"]) for pair in pairs])


def used(rules: RedFlagRules, name: str) -> dict[str, str]:
    """A set whose first sight is over (docs/safety.md), now: alarms at their tier or above, false alarms."""
    rows = read_yaml(ROOT / f"data/danger/{name}.yml")
    danger = [(alarm(rules, row["text"]), Tier(row["tier"])) for row in rows if row["tier"]]
    return {
        "found": share([tier is not None for tier, _ in danger]),
        "found_at_their_tier": share([tier is not None and not wanted.outranks(Tier(tier)) for tier, wanted in danger]),
        "false_alarms": share([alarm(rules, row["text"]) is not None for row in rows if not row["tier"]]),
    }


def development(rules: RedFlagRules, rows: list[dict[str, Any]]) -> dict[str, str]:
    """The rule layer alone, without the classifier's second vote."""
    danger = [row for row in rows if row["gold_intent"] == "report_red_flag"]
    controls = [row for row in rows if row["gold_intent"] == "not_red_flag"]
    return {
        "clear_cut_found": share([alarm(rules, row["text"]) is not None for row in danger if not row["accept"]]),
        "all_found": share([alarm(rules, row["text"]) is not None for row in danger]),
        "false_alarms_on_controls": share([alarm(rules, row["text"]) is not None for row in controls]),
    }


def main() -> None:
    rules = load_red_flags(ROOT / "content/red_flags.yml")
    texts = [row["text"] for row in held_out()]
    rows = development_rows()
    rules.assess("warm up")
    numbers = {
        "twins_with_the_same_tier": twins(rules),
        "used_sets_rules_alone": {name: used(rules, name) for name in USED},
        "cpu_ms_median_of_held_out_sentences": round(median(cpu_ms(rules, text) for text in texts), 2),
        "cpu_ms_median_of_1000_characters": round(median(cpu_ms(rules, THOUSAND) for _ in range(20)), 2),
        "times_as_long_for_four_times_the_text": slowest_growth(rules),
        **({"development_rules_alone": development(rules, rows)} if rows else {}),
    }
    print(numbers)
    print(f"Written to {write_result('safety', numbers)}")


if __name__ == "__main__":
    main()
