"""A program on Beanie that updates one field of a document at a time: with its check of revisions,
stamps, and an audit entry in an event after each update.

python main.py URI DATABASE TASKS SECONDS FIELDS LENGTH

Prints one line of JSON: what it did after a warm-up, in microseconds and a second.
"""

import asyncio
import json
import sys
from datetime import datetime, timezone
from time import perf_counter, process_time
from typing import Any

from beanie import Document, PydanticObjectId, Update, after_event, init_beanie
from pydantic import create_model
from pymongo import AsyncMongoClient

WORDS = "the quick brown fox jumps over the lazy dog and runs away into the night"


def now() -> datetime:
    return datetime.now(timezone.utc)


class Entry(Document):
    document: PydanticObjectId
    revision: str
    action: str
    user: str
    at: datetime
    changes: dict[str, Any]

    class Settings:
        name = "log"


class Audited(Document):
    counter: int
    updated_at: datetime
    updated_by: str

    class Settings:
        name = "documents"
        use_revision = True
        use_state_management = True

    @after_event(Update)
    async def log(self) -> None:
        old = self.get_saved_state()
        changes = {
            name: {"old": old[name], "new": new} for name, new in self.get_changes().items()
        }
        await Entry(
            document=self.id,
            revision=str(self.revision_id),
            action="update",
            user="desk",
            at=now(),
            changes=changes,
        ).insert()


async def update(sample: Audited) -> None:
    sample.counter += 1
    sample.updated_at = now()
    sample.updated_by = "desk"
    await sample.save_changes()


async def task(sample: Audited, until: float, latencies: list[float]) -> None:
    while perf_counter() < until:
        begun = perf_counter()
        await update(sample)
        latencies.append((perf_counter() - begun) * 1e6)


async def measured(samples: list[Audited], lasting: float) -> tuple[list[float], float]:
    latencies: list[float] = []
    begun = perf_counter()
    await asyncio.gather(*(task(sample, begun + lasting, latencies) for sample in samples))
    return sorted(latencies), perf_counter() - begun


async def main(uri: str, database: str, *numbers: str) -> None:
    tasks, seconds = int(numbers[0]), float(numbers[1])
    fields, length = int(numbers[2]), int(numbers[3])
    texts = {
        f"f{at:03}": f"{at + 1:04} {WORDS}"[:length] for at in range(fields - 1)
    }
    sample_type = create_model(
        "Sample", __base__=Audited, **{name: (str, ...) for name in texts}
    )
    client = AsyncMongoClient(uri, w="majority", journal=True)
    await init_beanie(database=client[database], document_models=[Entry, sample_type])
    samples = [
        await sample_type(counter=0, updated_at=now(), updated_by="desk", **texts).insert()
        for _ in range(tasks)
    ]
    await measured(samples, min(seconds, 1))
    cpu = process_time()
    latencies, took = await measured(samples, seconds)
    cpu = process_time() - cpu
    figure = {
        "operations": len(latencies),
        "p50_us": latencies[(len(latencies) - 1) // 2],
        "p99_us": latencies[(len(latencies) - 1) * 99 // 100],
        "throughput": len(latencies) / took,
        "cpu_us": cpu * 1e6 / len(latencies),
    }
    print(json.dumps(figure))
    await client.close()


asyncio.run(main(*sys.argv[1:]))
