"""Batch: one report for every program, an index over all, and on after a failure.

The data are read and evaluated once; worker processes then run the template for one program after
another. A program's id never becomes a path as it stands.
"""

from __future__ import annotations

import copyreg
import hashlib
import multiprocessing
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import nbformat
from papermill import execute_notebook
from papermill.exceptions import PapermillExecutionError
from tqdm import tqdm

from casekit.caseload import Caseload
from casekit.evaluate import UsageError
from casekit.files import write_text
from casekit.findings import Evaluation, evaluate_programs
from casekit.readers import read
from casekit.reports import engine
from casekit.reports.export import tidied, to_html
from casekit.reports.html import document_page
from casekit.reports.index import index_document
from casekit.reports.program import Inputs, check_audience, hand_over
from casekit.shipped import shipped

FORMATS = ("html",)

# Windows keeps these for devices, whatever follows a dot.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


@dataclass(frozen=True)
class BatchResult:
    """What a batch wrote: reports by program, the reason of each that failed, and the index."""

    written: Mapping[str, Path]
    failed: Mapping[str, str]
    index: Path


@dataclass(frozen=True)
class Job:
    """One report to write: whose, from what, for whom, and into which folder."""

    inputs: Inputs
    program: str
    audience: str
    folder: Path


def write_reports(
    data: Path,
    *,
    programs: Sequence[str] | None = None,
    standards: Sequence[str] | None = None,
    as_of: object,
    since: object = None,
    audience: str = "reviewer",
    out: Path,
    jobs: int = 1,
    formats: Sequence[str] = FORMATS,
    overlay: Path | None = None,
    dates: str | None = None,
    progress: bool = True,
    caseload: Caseload | None = None,
    ended: Callable[[str, str], object] | None = None,
) -> BatchResult:
    """Write OUT/index.html, and OUT/PROGRAM/report.html and report.ipynb for every program.

    `jobs` worker processes share the work; `progress` shows a bar on a terminal's stderr, and
    `ended` is told of each program as its report ends, and why it failed (empty: it is written).
    `caseload` is what was read from the data, where it is already read. Raises UsageError for a
    format or an audience that is not offered, ReadError where the data cannot be read, and
    whatever no program at all can be evaluated for. A program whose own report fails is in
    `failed`, and the others are written.
    """
    _check(formats, audience, jobs)
    inputs = Inputs.of(
        data, as_of=as_of, since=since, standards=standards, overlay=overlay, dates=dates
    )
    if caseload is None:
        caseload = read(data, overlay=overlay, dates=dates)
    asked = {"as_of": as_of, "since": since, "standards": standards}
    evaluation, failed = _evaluated(caseload, programs, asked)
    ended = ended or (lambda program, why: None)
    for program, why in failed.items():
        ended(program, why)
    folders = folder_names([*evaluation.programs, *failed])
    out = out.absolute()
    work = [Job(inputs, p, audience, out / folders[p]) for p in evaluation.programs]
    # On a terminal only: elsewhere a bar would fill a log.
    with tqdm(total=len(work), unit="report", disable=None if progress else True) as bar:
        for job, why in _run(work, min(jobs, len(work)), (inputs, evaluation)):
            bar.update()
            ended(job.program, why)
            if why:
                failed[job.program] = why
    failed = {p: failed[p] for p in folders if p in failed}
    document = index_document(evaluation, folders, failed, audience)
    write_text(out / "index.html", document_page(document, footer=document.meta["made_with"]))
    written = {p: out / f / "report.html" for p, f in folders.items() if p not in failed}
    return BatchResult(written, failed, out / "index.html")


def _evaluated(
    caseload: Caseload, programs: Sequence[str] | None, asked: dict
) -> tuple[Evaluation, dict[str, str]]:
    """All programs evaluated at once, and why some could not be.

    Where one spoils it (it names a standard that there is not), each is tried by itself to find
    the ones to blame. Where every one fails, the request is at fault, and its error is raised.
    """
    try:
        return evaluate_programs(caseload, programs=programs, **asked), {}
    except Exception as error:
        failed: dict[str, str] = {}
        every = caseload.tables["programs"]["program_id"].astype(str).tolist()
        for program in programs or every:
            try:
                evaluate_programs(caseload, programs=[program], **asked)
            except Exception as its_own:
                failed[program] = engine.reason(its_own)
        good = [program for program in programs or every if program not in failed]
        if not good or not failed:
            raise error from None
        return evaluate_programs(caseload, programs=good, **asked), failed


def write_report(job: Job) -> str:
    """Run the template for one program; returns why it failed, empty when it is written."""
    try:
        notebook = execute_notebook(
            nbformat.read(shipped("templates", "program_report.ipynb"), as_version=4),
            None,
            {**job.inputs.parameters(), "program": job.program, "audience": job.audience},
            engine_name=engine.register(),
            progress_bar=False,
        )
        write_text(job.folder / "report.html", to_html(notebook))
        write_text(job.folder / "report.ipynb", nbformat.writes(tidied(notebook)) + "\n")
    except PapermillExecutionError as error:
        return error.evalue
    except OSError as error:
        return f"{job.folder.name} could not be written: {error.strerror or 'the disk refused'}"
    except Exception as error:
        return engine.reason(error)
    return ""


def folder_names(programs: Sequence[str]) -> dict[str, str]:
    """A folder name for each program, safe on every disk and unlike the others in any case.

    An id that is safe as it stands is its own name; any other is a slug with a hash of the id.
    """
    names = {program: program if _is_safe(program) else _hashed(program) for program in programs}
    while clashes := _clashing(names):
        names |= {program: _hashed(program, names[program]) for program in clashes}
    return names


def _is_safe(name: str) -> bool:
    return bool(
        _SAFE.fullmatch(name)
        and not name.endswith(".")
        and not _DEVICES.fullmatch(name)
        and name.lower() != "index.html"
    )


def _hashed(program: str, name: str | None = None) -> str:
    text = unicodedata.normalize("NFKD", program if name is None else name)
    slug = re.sub(r"[^A-Za-z0-9]+", "-", text.encode("ascii", "ignore").decode()).strip("-")
    digest = hashlib.sha256(program.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{slug[:40].strip('-') or 'program'}-{digest[:8]}"


def _clashing(names: Mapping[str, str]) -> list[str]:
    times = Counter(name.lower() for name in names.values())
    return [program for program, name in names.items() if times[name.lower()] > 1]


def _check(formats: Sequence[str], audience: str, jobs: int) -> None:
    for name in formats:
        if name not in FORMATS:
            raise UsageError(f"format {name!r} is not offered; allowed: {', '.join(FORMATS)}")
    check_audience(audience)
    if jobs < 1:
        raise UsageError(f"jobs is {jobs}; give a whole number of 1 or more")


def _run(work: Sequence[Job], jobs: int, ready: tuple) -> Iterator[tuple[Job, str]]:
    """Each job with why it failed, as they end.

    Where a worker dies, the pool and all it still held die with it: those jobs are then run again,
    each in a worker of its own, so that only the one to blame fails.
    """
    lost: list[Job] = []
    for job, future in _in_pool(work, jobs, ready):
        try:
            yield job, future.result()
        except BrokenProcessPool:
            lost.append(job)
    for job in lost:
        for _, future in _in_pool([job], 1, ready):
            yield job, _result_alone(future)


def _result_alone(future: Future) -> str:
    try:
        return future.result()
    except BrokenProcessPool:
        return "its worker process ended unexpectedly (out of memory?); the others are written"


def _in_pool(work: Sequence[Job], jobs: int, ready: tuple) -> Iterator[tuple[Job, Future]]:
    if not work:
        return
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, _context(), hand_over, ready)
    futures = {_submit(pool, job): job for job in work}
    try:
        for future in as_completed(futures):
            yield futures[future], future
    finally:
        if any(f.done() and isinstance(f.exception(), BrokenProcessPool) for f in futures):
            # A worker that was just starting when the pool broke would be waited for for ever.
            for child in set(multiprocessing.active_children()) - others:
                child.kill()
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, job: Job) -> Future:
    try:
        return pool.submit(write_report, job)
    except BrokenProcessPool as error:  # a worker died while jobs were still being handed out
        future: Future = Future()
        future.set_exception(error)
        return future


def _unfrozen(items: dict) -> MappingProxyType:
    return MappingProxyType(items)


# A standard's settings are read-only mappings, which Python does not send to a worker by itself.
copyreg.pickle(MappingProxyType, lambda mapping: (_unfrozen, (dict(mapping),)))


def _context() -> multiprocessing.context.BaseContext:
    """Workers that start with everything imported; a plain fork would copy a running engine."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["casekit.reports.batch"])
    return context
