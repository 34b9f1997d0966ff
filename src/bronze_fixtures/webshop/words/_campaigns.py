"""Words that campaign names are made of."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from bronze_fixtures.common.packaged_data import read_json


class CampaignWords(NamedTuple):
    """What campaign names are made of.

    Attributes:
        themes: What a campaign is about, such as `Spring Clearance`.
        months: For each theme, the start months it suits (1-12); empty where any month does.
        tags: What a campaign is for, such as `Retargeting`, to tell two of one theme apart.
    """

    themes: tuple[str, ...]
    months: tuple[tuple[int, ...], ...]
    tags: tuple[str, ...]

    def themes_in(self, month: int) -> tuple[str, ...]:
        """Return the themes that suit a campaign which starts in a month, at least 16.

        Args:
            month: The month, 1-12.
        """
        return tuple(
            theme
            for theme, months in zip(self.themes, self.months, strict=True)
            if not months or month in months
        )


@cache
def campaign_words() -> CampaignWords:
    """Return the words that campaign names are made of."""
    words = read_json(__package__, "campaigns.json")
    return CampaignWords(
        themes=tuple(theme["name"] for theme in words["themes"]),
        months=tuple(tuple(theme["months"]) for theme in words["themes"]),
        tags=tuple(words["tags"]),
    )
