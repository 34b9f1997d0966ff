"""The command that writes a lake, and its rehearsal."""

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bronze_fixtures.cli.engine_options import check_engine, spark_session
from bronze_fixtures.cli.output import complain, explain, say, say_json, table, watched
from bronze_fixtures.common.text import size_text
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import BronzeError, OutputError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import Request, make_request, parse_datasets

if TYPE_CHECKING:
    from bronze_fixtures.engines.write import LakeSummary
    from bronze_fixtures.world.row_counts import Census


class _Options(NamedTuple):
    """What stood on the command line, as it stood there.

    Attributes:
        output_dir: Where the lake goes.
        scale: See `parse_scale`.
        seed: See `parse_seed`.
        defects: See `parse_defects`; None for `standard`.
        names: Where people's names come from.
        only: Comma-separated datasets; None for all.
        jobs: Threads; None for one per usable CPU.
        engine: `local` or `spark`.
        master: The cluster of Spark; None for the usual one.
        force: Whether to replace an existing lake.
        resume: Whether to go on after an interrupted run.
        dry_run: Whether to print what would be written, and write nothing.
        as_json: Whether to print JSON.
    """

    output_dir: Path
    scale: str
    seed: str
    defects: list[str] | None
    names: str
    only: list[str] | None
    jobs: int | None
    engine: str
    master: str | None
    force: bool
    resume: bool
    dry_run: bool
    as_json: bool


def run(**given: Any) -> None:
    """Write a lake and print what was written, or print what would be.

    Args:
        given: The options of the command, see `_Options`.

    Raises:
        BronzeError: Something asked for is not there or does not fit.
        OSError: A file could not be written.
    """
    options = _Options(**given)
    check_engine(options.engine, options.master, options.jobs)
    defects = options.defects or "standard"
    request = make_request(options.scale, options.seed, defects, options.names)
    contracts = load_contracts()
    named = [name.strip() for names in options.only or () for name in names.split(",")]
    datasets = parse_datasets(named or None, contracts)
    # After the checks, so that a slip is told at once: these import numpy and pyarrow.
    from bronze_fixtures.common.cpus import usable_cpus
    from bronze_fixtures.world.row_counts import census

    # A task of Spark's makes one shard, wherever it runs.
    jobs = 1 if options.engine == "spark" else options.jobs or usable_cpus()
    counted = census(request, contracts)
    if options.dry_run:
        from bronze_fixtures.lake.target import check_target

        check_target(options.output_dir.absolute(), force=options.force)
        _rehearse(options, request, counted, contracts, datasets, jobs)
        return
    try:
        summary = _write(options, request, counted, contracts, datasets, jobs)
    except (BronzeError, OSError) as error:
        what = str(error) if isinstance(error, BronzeError) else explain(error, options.output_dir)
        raise OutputError(" ".join([what, *_notes(error)])) from error
    except BaseException as error:
        for note in _notes(error):
            complain(f"bronze-fixtures: {options.output_dir}: {note}")
        raise
    report = _report(options, request, summary.shards, jobs, summary.rows, summary.bytes)
    if options.as_json:
        more = {"shards_kept": summary.shards_kept, "ledger_rows": summary.ledger_rows}
        say_json({**report, **more, "seconds": summary.seconds})
        return
    say(_sizes(summary.rows, summary.bytes))
    say(
        f"\n{options.output_dir}: written in {summary.seconds:.2f} s ({_told(request)}; "
        f"{summary.ledger_rows:,} ledger entries)"
    )


def _write(
    options: _Options,
    request: Request,
    counted: "Census",
    contracts: Mapping[str, Contract],
    datasets: list[str],
    jobs: int,
) -> "LakeSummary":
    """Write the lake by the engine that was asked for."""
    from bronze_fixtures.common.malloc import keep_freed_memory
    from bronze_fixtures.engines.local import on_threads
    from bronze_fixtures.engines.write import write_lake

    alike: Any = {
        "contracts": contracts,
        "only": datasets,
        "force": options.force,
        "resume": options.resume,
        "note": lambda text: complain(f"bronze-fixtures: {text}"),
    }
    if options.engine == "spark":
        from bronze_fixtures.engines.spark.engine import on_spark

        engine = on_spark(spark_session(options.master))
        return write_lake(options.output_dir, request, engine=engine, **alike)
    keep_freed_memory()
    with _bar(sum(counted.rows[name] for name in datasets)) as progress:
        alike |= {"engine": on_threads(jobs), "progress": progress}
        return write_lake(options.output_dir, request, **alike)


def _notes(error: BaseException) -> list[str]:
    """Return what was noted on an exception: what an interrupted run has left."""
    return getattr(error, "__notes__", [])


def _bar(rows: int) -> AbstractContextManager[Callable[[int], None] | None]:
    """Show progress where somebody is watching."""
    terminal = watched()
    if terminal is None:
        return nullcontext()
    from bronze_fixtures.cli.progress import row_progress  # imports rich

    return row_progress(rows, terminal)


def _rehearse(
    options: _Options,
    request: Request,
    counted: "Census",
    contracts: Mapping[str, Contract],
    datasets: list[str],
    jobs: int,
) -> None:
    from bronze_fixtures.common.disk_space import free_space, nearest_folder
    from bronze_fixtures.engines.estimate import estimate
    from bronze_fixtures.engines.write import count_kept

    place = options.output_dir
    rows = {name: counted.rows[name] for name in datasets}
    cost = estimate(counted, {name: contracts[name] for name in datasets}, jobs)
    kept = 0
    if options.resume:
        kept = count_kept(place, request, contracts=contracts, only=datasets)
    needed, free = cost.space(counted.shards - kept), free_space(nearest_folder(place))
    planted = {
        defect.id: counted.defects[defect.id]
        for name in datasets
        for defect in contracts[name].defects
    }
    if options.as_json:
        report = _report(options, request, counted.shards, jobs, rows, cost.bytes)
        more = {"shards_kept": kept, "ledger_bytes": cost.ledger, "memory": cost.memory}
        disk = {"bytes_needed": needed, "bytes_free": free}
        say_json({**report, **more, **disk, "defect_counts": planted, "dry_run": True})
        return
    say(_sizes(rows, cost.bytes))
    say("")
    say(
        table(
            ["defect", "rate", "rows"],
            [
                [name, f"{float(request.rates[name] * 100):g}%", f"{count:,}"]
                for name, count in planted.items()
            ],
        )
    )
    shards = f"{counted.shards:,} shard{'s' if counted.shards > 1 else ''}"
    if options.resume:
        shards += f", {kept:,} of them kept"
    by_spark = options.engine == "spark"
    who, each = ("engine spark", " a task") if by_spark else (f"jobs {jobs}", "")
    say(
        f"\n{place}: nothing written, this is a dry run ({_told(request)}; {shards}; "
        f"{who}; about {size_text(cost.memory)} of memory{each}). "
        f"The ledger adds {size_text(cost.ledger)}. {_fit(needed, free)}"
    )


def _fit(needed: int, free: int | None) -> str:
    need = f"To be written, it needs {size_text(needed)} of disk"
    if free is None:
        return f"{need}."
    if free < needed:
        return f"{need}, but {size_text(free)} are free: it does not fit."
    return f"{need}; {size_text(free)} are free."


def _report(
    options: _Options,
    request: Request,
    shards: int,
    jobs: int,
    rows: Mapping[str, int],
    sizes: Mapping[str, int],
) -> dict[str, Any]:
    """Return what both JSON reports say."""
    scale = request.scale
    return {
        "path": os.fspath(options.output_dir),
        "scale": int(scale) if scale.denominator == 1 else float(scale),
        "seed": request.seed,
        "names": request.names,
        "defects": {
            "profile": request.profile,
            "rates": {name: float(rate) for name, rate in request.rates.items()},
        },
        "shards": shards,
        "engine": options.engine,
        **({} if options.engine == "spark" else {"jobs": jobs}),
        "datasets": {name: {"rows": rows[name], "bytes": sizes[name]} for name in rows},
        "rows": sum(rows.values()),
        "bytes": sum(sizes.values()),
    }


def _sizes(rows: Mapping[str, int], sizes: Mapping[str, int]) -> str:
    lines = [[name, f"{rows[name]:,}", size_text(sizes[name])] for name in rows]
    total = ["total", f"{sum(rows.values()):,}", size_text(sum(sizes.values()))]
    return table(["dataset", "rows", "size"], [*lines, total])


def _told(request: Request) -> str:
    return f"scale {float(request.scale):g}, seed {request.seed}, defects {request.profile}"
