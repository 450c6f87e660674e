"""Views: the joins that analysts make most, ready. One SQL file each, of the same name.

A view is a query over the tables, in DuckDB's SQL, so it stands in `Tables.sql`, too. Its rows
are in a fixed order. A new view is a new file here and a property below that says what it is for.
"""

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def queries() -> Iterator[tuple[str, str]]:
    """Yield the name and the SQL of each view, in order of names."""
    for file in sorted(files(__name__).iterdir(), key=lambda item: item.name):
        if file.name.endswith(".sql"):
            yield file.name.removesuffix(".sql"), file.read_text("utf-8")


class Views:
    """The views as properties, each a pandas frame that is made when first used."""

    def view(self, name: str) -> "pd.DataFrame":
        raise NotImplementedError

    @property
    def articles_with_counts(self) -> "pd.DataFrame":
        """Articles with their address and how many mentions and figures they have.

        For example, the articles with most figures:

            tables.articles_with_counts.nlargest(10, "figures")[["headline", "figures"]]
        """
        return self.view("articles_with_counts")

    @property
    def figures_with_context(self) -> "pd.DataFrame":
        """Figures with their sentence, its organisations, and the article's headline and day.

        For example, all sums of over a billion pounds, with who is in the sentence:

            figures = tables.figures_with_context
            figures.query("unit == 'GBP' and value > 1e9")[["text", "organisations", "headline"]]
        """
        return self.view("figures_with_context")

    @property
    def mentions_with_entities(self) -> "pd.DataFrame":
        """Mentions with the entity that they name, their sentence, headline and day.

        For example, every sentence that names a company, however it is spelt there:

            mentions = tables.mentions_with_entities
            mentions.query("entity == 'Meridian Foods'")[["text", "sentence"]]
        """
        return self.view("mentions_with_entities")

    @property
    def quotes_with_speakers(self) -> "pd.DataFrame":
        """Quotes with who speaks, in what role, for whom, and the article's headline and day.

        For example, how often each person is quoted:

            tables.quotes_with_speakers.groupby(["speaker", "speaker_role"], dropna=False).size()
        """
        return self.view("quotes_with_speakers")

    @property
    def roles_with_entities(self) -> "pd.DataFrame":
        """Who is what where: person, role and organisation, with the words that say so.

        For example, who leads what:

            roles = tables.roles_with_entities
            roles[roles["role"].str.contains("chief executive") & ~roles["former"]]
        """
        return self.view("roles_with_entities")

    @property
    def entities_by_month(self) -> "pd.DataFrame":
        """Articles and mentions of each entity in each month of publication.

        For example, the rise and fall of the ten most named, as a plot:

            months = tables.entities_by_month.query("label == 'ORG'")
            months.pivot_table("articles", "month_start", "entity", "sum").plot()
        """
        return self.view("entities_by_month")

    @property
    def entities_first_seen(self) -> "pd.DataFrame":
        """Each entity with the article that named it first, newest first.

        For example, organisations that nobody had named before the seventh of March:

            seen = tables.entities_first_seen
            seen[(seen["label"] == "ORG") & (seen["published_date"] >= "2025-03-07")]
        """
        return self.view("entities_first_seen")

    @property
    def entities_together(self) -> "pd.DataFrame":
        """Pairs of entities that one sentence names, with how many sentences and articles do.

        A pair stands in both orders. For example, what is named beside an organisation:

            tables.entities_together.query("entity == 'Meridian Foods'")[["other", "sentences"]]
        """
        return self.view("entities_together")

    @property
    def copies_with_originals(self) -> "pd.DataFrame":
        """Copies of an article with the one that was stored first, and which is the earlier.

        For example, the stories that came out elsewhere first:

            copies = tables.copies_with_originals
            copies[copies["is_earlier"].fillna(False)][["source_id", "original_source_id"]]
        """
        return self.view("copies_with_originals")

    @property
    def rejects_by_run(self) -> "pd.DataFrame":
        """What each run dropped and why, newest run first; a fault met twice stands in both.

        For example, what was dropped last night:

            rejects = tables.rejects_by_run
            rejects[rejects["run_id"] == rejects["run_id"].max()][["what", "place", "fix"]]
        """
        return self.view("rejects_by_run")
