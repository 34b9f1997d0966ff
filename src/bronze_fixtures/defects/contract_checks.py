"""Whether the defects of a contract can be planted. Contracts alone do not know the kinds."""

from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.contracts.checks import check_name
from bronze_fixtures.contracts.model import Contract, Defect
from bronze_fixtures.contracts.odcs import Place
from bronze_fixtures.defects.kinds import kind_of
from bronze_fixtures.errors import DefectError


def check_defects(contract: Contract, file: str) -> None:
    """Check the defects of a contract, and that a column is null for a declared reason alone.

    Args:
        contract: The contract to check.
        file: The file it was read from, for error messages.

    Raises:
        ContractError: An id is taken twice or of another form, a kind is unknown or does not fit
            its column, a column is not there, or a null has no reason.
    """
    ids = [defect.id for defect in contract.defects]
    for defect in contract.defects:
        place = Place(file, contract.name, defect.column)
        if ids.count(defect.id) > 1:
            place.fail(f"defect {defect.id!r} is declared twice. Keep one.")
        _check_defect(defect, contract, place)
    _check_nulls(contract, file)


def _check_defect(defect: Defect, contract: Contract, place: Place) -> None:
    names = [column.name for column in contract.columns]
    if defect.column not in names:
        place.fail(
            f"defect {defect.id!r} is on a missing column.{did_you_mean(defect.column, names)}"
        )
    try:
        kind = kind_of(defect)
    except DefectError as error:
        place.fail(str(error))
    wanted = f"{contract.name}.{defect.column}.{kind.name}"
    if defect.id != wanted:
        place.fail(f"defect id is {defect.id!r}. Call it {wanted!r}.")
    column = contract.column(defect.column)
    if not kind.fits(column, contract):
        place.fail(f"defect {defect.id!r} needs {kind.needs}. Change one.")
    for name in defect.also:
        check_name(name, [other for other in names if other != defect.column], "also", place)
    if defect.sentinel is not None and defect.sentinel in column.values:
        place.fail(f"sentinel {defect.sentinel!r} is an allowed value. Choose another.")


def _check_nulls(contract: Contract, file: str) -> None:
    """Refuse a column that may be null for no declared reason, or has one and may not."""
    damaged = {d.column for d in contract.defects if "not_null" in kind_of(d).breaks}
    for column in contract.columns:
        place = Place(file, contract.name, column.name)
        if column.required and column.null_when is not None:
            place.fail("is required, but has nullWhen. Drop one.")
        if not column.required and column.null_when is None and column.name not in damaged:
            place.fail(
                "may be null for no declared reason. "
                "Add 'required: true', nullWhen, or a defect of kind \"null\"."
            )
