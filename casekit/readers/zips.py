"""Zips: unpacked in memory, and refused where they could do harm.

Sizes are counted while the bytes stream out; what the zip says of itself is not believed.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from casekit.readers.raw import ReadError

MB = 1_000_000
MAX_FILE = 200 * MB
MAX_TOTAL = 1_000 * MB
MAX_FILES = 1_000
# Text seldom packs better than 20:1; beyond this, and over RATIO_FROM bytes, it is a trap.
MAX_RATIO = 200
RATIO_FROM = 10 * MB
CHUNK = 1 << 20


def unpack(file: str, data: bytes) -> dict[str, bytes]:
    """The files of a zip that is flat or holds one folder, by their names in it."""
    files = members(file, data)
    paths = {PurePosixPath(name): content for name, content in files.items()}
    wanted = {
        path: content
        for path, content in paths.items()
        if path.parts[0] != "__MACOSX" and not path.name.startswith((".", "~$"))
    }
    tops = {path.parts[0] if len(path.parts) > 1 else "" for path in wanted}
    if len(tops) == 1 and tops != {""}:
        return {str(path.relative_to(path.parts[0])): data for path, data in wanted.items()}
    return {str(path): data for path, data in wanted.items()}


def members(file: str, data: bytes) -> dict[str, bytes]:
    """Every file in a zip. Raises ReadError where it is no zip, or one that is not safe to open."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _members(file, archive, len(data))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError) as error:
        raise ReadError(f"{file} is not a readable zip ({error}); pack it again") from None
    except (NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"{file} cannot be unpacked ({error}); pack it as a plain zip") from None
    except Exception as error:  # a broken stream raises whatever its codec raises
        raise ReadError(f"{file} is damaged ({error}); pack it again") from None


def _members(file: str, archive: zipfile.ZipFile, packed: int) -> dict[str, bytes]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_FILES:
        raise ReadError(f"{file} holds {len(infos)} files; at most {MAX_FILES} are read")
    files: dict[str, bytes] = {}
    total = 0
    for info in infos:
        _check_name(file, info, files)
        left = MAX_TOTAL - total
        files[info.filename] = _stream(file, archive, info, packed, left)
        total += len(files[info.filename])
    return files


def _check_name(file: str, info: zipfile.ZipInfo, seen: dict[str, bytes]) -> None:
    # orig_filename: zipfile itself turns some separators into "/".
    name = info.orig_filename
    path = PurePosixPath(name)
    if "\\" in name or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise ReadError(
            f"{file} holds a file named {name!r}, which points outside of it; "
            "pack a plain folder of tables"
        )
    if info.filename in seen:
        raise ReadError(f"{file} holds {name} twice; keep one of them")
    if info.flag_bits & 0x1:
        raise ReadError(f"{file} is encrypted ({name}); pack it without a password")


def _stream(
    file: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, packed: int, left: int
) -> bytes:
    chunks, size = [], 0
    with archive.open(info) as stream:
        while chunk := stream.read(CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            ratio = size / max(1, min(info.compress_size, packed))
            if size > MAX_FILE:
                raise ReadError(
                    f"{file}: {info.filename} unpacks to more than {MAX_FILE // MB} MB; "
                    "give it as a folder"
                )
            if size > left:
                raise ReadError(
                    f"{file} unpacks to more than {MAX_TOTAL // MB} MB; give it as a folder"
                )
            if size > RATIO_FROM and ratio > MAX_RATIO:
                raise ReadError(
                    f"{file}: {info.filename} unpacks to more than {MAX_RATIO} times its size "
                    f"(beyond {RATIO_FROM // MB} MB); give it as a folder"
                )
    return b"".join(chunks)
