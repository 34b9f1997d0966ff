"""YAML that people write by hand, read with care."""

from typing import Any

from bronze_fixtures.common.text import one_line


def load_yaml(text: str) -> Any:
    """Read one YAML document with plain values, and refuse what parsers silently let pass.

    Args:
        text: The document.

    Returns:
        What it holds: mappings, lists, texts, numbers, booleans, None; dates become objects.

    Raises:
        ValueError: It is not YAML, holds objects that are not plain, or has a key twice in one
            mapping. The message is one line, with the line number where there is one.
    """
    import yaml  # most runs read no YAML

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, _ in node.value:
                if str(key.value) in seen:
                    problem = f"key {str(key.value)!r} is there twice"
                    raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
                seen.add(str(key.value))
            return super().construct_mapping(node, deep=deep)

    try:
        return yaml.load(text, Loader)
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f"line {error.problem_mark.line + 1}: "
        message = f"{line}{error.problem or error.context}"
    except (yaml.YAMLError, ValueError) as error:
        message = str(error)
    except RecursionError:
        message = "it is nested too deeply"
    raise ValueError(one_line(message))
