"""What every test run needs first: the catalogues, compiled."""

from infra.catalogues import compile_all


def pytest_configure() -> None:
    """Compile the catalogues before anything is imported that reads them."""
    compile_all()
