"""The command that writes a lake, and its rehearsal."""

import os
from argparse import Namespace
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from bronze_fixtures.cli.engine_options import check_engine
from bronze_fixtures.cli.output import complain, explain, say, say_json, shown_progress, watched
from bronze_fixtures.common.exact_numbers import plain
from bronze_fixtures.common.text import size_text, table
from bronze_fixtures.errors import BronzeError, OutputError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import Request, make_request, parse_datasets

if TYPE_CHECKING:
    from bronze_fixtures.engines.fill import Plan
    from bronze_fixtures.engines.write import LakeSummary


def run(**given: Any) -> None:
    """Write a lake and print what was written, or print what would be.

    Args:
        given: The options of the command, see `app`.

    Raises:
        BronzeError: An option is wrong, or the lake does not fit or cannot be written.
    """
    options = Namespace(**given)
    check_engine(options.engine, options.master, options.jobs)
    defects = options.defects or "standard"
    request = make_request(options.scale, options.seed, defects, options.names)
    named = [name.strip() for names in options.only or () for name in names.split(",")]
    datasets = parse_datasets(named or None, load_contracts())
    # After the checks, so that a mistake is reported at once: these import numpy and pyarrow.
    from bronze_fixtures.common.cpus import usable_cpus
    from bronze_fixtures.engines.fill import Plan

    # A task of Spark's makes one shard, wherever it runs.
    options.jobs = 1 if options.engine == "spark" else options.jobs or usable_cpus()
    plan = Plan.of(request, load_contracts(), datasets)
    if options.dry_run:
        from bronze_fixtures.lake.target import check_target

        check_target(options.output_dir.absolute(), force=options.force)
        _rehearse(options, plan)
        return
    try:
        summary = _write(options, plan)
    # What is noted on an exception is what the interrupted run has left.
    except (BronzeError, OSError) as error:
        what = str(error) if isinstance(error, BronzeError) else explain(error, options.output_dir)
        raise OutputError(" ".join([what, *getattr(error, "__notes__", [])])) from error
    except BaseException as error:
        for note in getattr(error, "__notes__", []):
            complain(f"bronze-fixtures: {options.output_dir}: {note}")
        raise
    if options.as_json:
        more = {"shards_kept": summary.shards_kept, "ledger_rows": summary.ledger_rows}
        say_json({**_report(options, plan, summary.bytes), **more, "seconds": summary.seconds})
        return
    say(_sizes(plan.rows, summary.bytes))
    say(
        f"\n{options.output_dir}: written in {summary.seconds:.2f} s ({_described(request)}; "
        f"{summary.ledger_rows:,} ledger entries)"
    )


def _write(options: Namespace, plan: "Plan") -> "LakeSummary":
    """Write the lake by the requested engine, and show how many of its rows are written."""
    from bronze_fixtures.common.malloc import keep_freed_memory
    from bronze_fixtures.engines.local import on_threads
    from bronze_fixtures.engines.write import write_lake

    write = partial(
        write_lake,
        options.output_dir,
        plan,
        force=options.force,
        resume=options.resume,
        note=lambda text: complain(f"bronze-fixtures: {text}"),
    )
    if options.engine == "spark":
        from bronze_fixtures.engines.spark.engine import on_spark
        from bronze_fixtures.engines.spark.session import own_session

        session = own_session(options.master, progress=watched() is not None)
        return write(engine=on_spark(session))
    keep_freed_memory()
    with shown_progress(sum(plan.rows.values())) as progress:
        return write(engine=on_threads(options.jobs), progress=progress)


def _rehearse(options: Namespace, plan: "Plan") -> None:
    from bronze_fixtures.common.disk_space import free_space, nearest_folder
    from bronze_fixtures.engines.estimate import estimate
    from bronze_fixtures.engines.write import count_kept

    folder, request, planted = options.output_dir, plan.request, plan.planted
    cost = estimate(plan, options.jobs)
    kept = count_kept(folder, plan) if options.resume else 0
    needed, free = cost.space(cost.shards - kept), free_space(nearest_folder(folder))
    if options.as_json:
        report = _report(options, plan, cost.bytes)
        more = {"shards_kept": kept, "ledger_bytes": cost.ledger, "memory": cost.memory}
        disk = {"bytes_needed": needed, "bytes_free": free}
        say_json({**report, **more, **disk, "defect_counts": planted, "dry_run": True})
        return
    rates = {name: f"{float(request.rates[name] * 100):g}%" for name in planted}
    lines = [[name, rates[name], f"{count:,}"] for name, count in planted.items()]
    say(f"{_sizes(plan.rows, cost.bytes)}\n\n{table(['defect', 'rate', 'rows'], lines)}")
    shards = f"{cost.shards:,} shard{'s' if cost.shards > 1 else ''}"
    if options.resume:
        shards += f", {kept:,} of them kept"
    by_spark = options.engine == "spark"
    who, each = ("engine spark", " a task") if by_spark else (f"jobs {options.jobs}", "")
    say(
        f"\n{folder}: nothing written, this is a dry run ({_described(request)}; {shards}; "
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


def _report(options: Namespace, plan: "Plan", sizes: Mapping[str, int]) -> dict[str, Any]:
    """Return what both JSON reports contain."""
    request, rows = plan.request, plan.rows
    return {
        "path": os.fspath(options.output_dir),
        "scale": plain(request.scale),
        "seed": request.seed,
        "names": request.names,
        "defects": {
            "profile": request.profile,
            "rates": {name: float(rate) for name, rate in request.rates.items()},
        },
        "shards": plan.counted.shards,
        "engine": options.engine,
        **({} if options.engine == "spark" else {"jobs": options.jobs}),
        "datasets": {name: {"rows": rows[name], "bytes": sizes[name]} for name in rows},
        "rows": sum(rows.values()),
        "bytes": sum(sizes.values()),
    }


def _sizes(rows: Mapping[str, int], sizes: Mapping[str, int]) -> str:
    lines = [[name, f"{rows[name]:,}", size_text(sizes[name])] for name in rows]
    total = ["total", f"{sum(rows.values()):,}", size_text(sum(sizes.values()))]
    return table(["dataset", "rows", "size"], [*lines, total])


def _described(request: Request) -> str:
    return f"scale {float(request.scale):g}, seed {request.seed}, defects {request.profile}"
