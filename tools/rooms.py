"""Prints the rooms of the package, lowest first, and fails if an import runs upwards.

    python tools/rooms.py [ROOT]

Rooms and their order are the `layers` contracts of import-linter in `ROOT/pyproject.toml`; rooms of
one line (`a | b`) may not import each other. Imports count wherever they stand, in functions too,
once for each pair of files. Exit code 1: an import runs upwards or sideways, or a file has no room.
"""

import ast
import statistics
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path


def layers_of(root: Path) -> dict[str, list[list[str]]]:
    """Return the rooms by container, lowest first; rooms of one layer are in one list."""
    config = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return {
        container: [[room.strip() for room in layer.split("|")] for layer in one["layers"][::-1]]
        for one in config["tool"]["importlinter"]["contracts"]
        if one["type"] == "layers"
        for container in one["containers"]
    }


def modules_of(root: Path, container: str) -> dict[str, Path]:
    """Return the container's Python files by the name of the module."""
    source = root / "src"
    found = {}
    for path in sorted((source / container.replace(".", "/")).rglob("*.py")):
        name = ".".join(path.relative_to(source).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


def imports_of(module: str, path: Path) -> Iterator[str]:
    """Yield the full name of everything that a file imports; names are `module.name`."""
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *filter(None, [node.module])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


def pairs_of(root: Path, container: str) -> set[tuple[str, str]]:
    """Return the pairs of modules, in different rooms, of which the first imports the second."""
    modules = modules_of(root, container)
    found = set()
    for module, path in modules.items():
        for name in imports_of(module, path):
            target = name if name in modules else name.rpartition(".")[0]
            if target in modules and container not in (module, target):
                found.add((module, target))
    return {pair for pair in found if room_of(pair[0], container) != room_of(pair[1], container)}


def room_of(module: str, container: str) -> str:
    """Return the room of a module below the container."""
    return module.removeprefix(f"{container}.").split(".")[0]


def report(root: Path, container: str, layers: list[list[str]]) -> list[str]:
    """Print a container's rooms and return what is wrong with them, a line each."""
    height = {room: number for number, layer in enumerate(layers) for room in layer}
    modules = [module for module in modules_of(root, container) if module != container]
    files = Counter(room_of(module, container) for module in modules)
    wrong = [f"{container}.{room} is in no layer." for room in sorted(files.keys() - height)]
    between: dict[str, Counter[str]] = {room: Counter() for room in [*height, *files]}
    upwards = 0
    for module, target in sorted(pairs_of(root, container)):
        above, below = room_of(module, container), room_of(target, container)
        between[above][below] += 1
        if height.get(below, -1) >= height.get(above, len(layers)):
            upwards += 1
            wrong.append(f"{module} imports {target}, which is not below it.")
    print(f"{container}: {len(height)} rooms in {len(layers)} layers, lowest first")
    for room in height:
        listed = ", ".join(
            f"{name} {between[room][name]}" for name in height if between[room][name]
        )
        print(f"  {room:14}{files[room]:4} files   imports from {listed or 'no other room'}")
    edges = sum(map(len, between.values()))
    total = sum(counter.total() for counter in between.values())
    print(f"  {total} imports in {edges} directions between rooms, {upwards} upwards\n")
    return wrong


def main(root: Path) -> int:
    """Print every container and the sizes of the files; return the exit code."""
    layers = layers_of(root)
    wrong = [line for container, rooms in layers.items() for line in report(root, container, rooms)]
    files = modules_of(root, next(iter(layers))).values()
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in files}
    largest = max(sizes, key=lambda path: sizes[path])
    print(f"{len(sizes)} files, median {statistics.median(sizes.values()):g} lines, ", end="")
    print(f"largest {sizes[largest]}: {largest.relative_to(root)}")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).resolve().parents[1]))
