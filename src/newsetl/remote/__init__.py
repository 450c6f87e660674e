"""Tables on an object store (s3, gs, abfs): what lies there, and who may write.

    URL/snapshots/000002.json               manifest; the highest number is what is published
    URL/articles/part-000001-5f3a….parquet  parts, immutable, shared by all snapshots
    URL/raw/payloads-….warc.gz              kept payloads, a file a run
    URL/.staging/RUN/SHARD.tar              shards that are done
    URL/.lease.json                         who holds the lock

An object store has no rename, no links and no locks. It has objects that are there whole or not at
all, and a put that fails if the object is there. So a snapshot is published by putting its
manifest, under the next number, after everything that it names: readers see the tables before or
after, and of two runs that started from one snapshot only one gets the number.
"""
