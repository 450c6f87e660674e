"""Stories of mills, run to tables, and tables compared: what tests of workers and stores share."""

import pandas as pd

from conftest import NOW
from newsetl import open_tables, pipeline
from newsetl.config import Config
from newsetl.tables import row_classes

STORY = """Mill {n} opens after {n} years

By Ruth Calloway

The mill number {n} opened on Monday and will employ {n}00 people, said Ruth Calloway, chief
executive of Calder Mills Ltd. It cost £{n}.5m, up from £{n}m, and took {n} months to build.
"""
VOLATILE = ("retrieved_at", "warc_file", "warc_offset", "warc_end")


def add_stories(news, *numbers):
    for number in numbers:
        (news / f"{number:03d}.txt").write_text(STORY.format(n=number), encoding="utf-8")


def run(news, out, **settings):
    config = Config(out=out, shard_documents=2, **settings).with_sources((str(news),))
    return pipeline.run(config, clock=lambda: NOW)


def assert_same_tables(one, other):
    for name in row_classes():
        frames = [getattr(open_tables(out), name) for out in (one, other)]
        frames = [frame.drop(columns=[c for c in VOLATILE if c in frame]) for frame in frames]
        pd.testing.assert_frame_equal(*frames, obj=name)
