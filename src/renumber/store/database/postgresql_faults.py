"""The faults of PostgreSQL, sorted by the classes of its error codes (PostgreSQL, Appendix A)."""

import asyncpg

from renumber.store.database.interface import ConstraintViolated, StoreBusy, StoreUnavailable

_LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
# A standby after a failover, a full disk: what is written may pass later, and then over a new connection.
_NO_WRITES = (asyncpg.ReadOnlySQLTransactionError, asyncpg.InsufficientResourcesError, asyncpg.PostgresIOError)
# A pooler gave this session to somebody else, or a migration changed what was prepared: a new connection knows it.
_FORGOTTEN = (
    asyncpg.InvalidSQLStatementNameError,
    asyncpg.DuplicatePreparedStatementError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
)
_GONE = (
    *_NO_WRITES,
    *_FORGOTTEN,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.InvalidTransactionStateError,
)
_CONTENDED = (asyncpg.TransactionRollbackError, asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError, TimeoutError)
_CONSTRAINTS = {
    asyncpg.UniqueViolationError: "unique",
    asyncpg.ForeignKeyViolationError: "foreign key",
    asyncpg.CheckViolationError: "check",
    asyncpg.NotNullViolationError: "not null",
}
_MISFITS = (asyncpg.DataError, ValueError)
# Of a server that can't be used now, where there may be another.
PASSED_OVER = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    OSError,
)
FAULTS = (asyncpg.PostgresError, *_LOST)  # TimeoutError is an OSError


def is_gone(error: BaseException) -> bool:
    """Judge whether the connection is of no more use after this answer of the server."""
    return isinstance(error, _GONE) and not isinstance(error, _CONTENDED)


def has_answered(error: BaseException) -> bool:
    """Judge whether the server has answered, and the connection can be used again."""
    return isinstance(error, asyncpg.PostgresError) and not is_gone(error)


def fault(error: BaseException) -> BaseException:
    """Word a driver's error without its DETAIL, which quotes the row."""
    kind = _CONSTRAINTS.get(type(error))
    if kind is not None:
        return ConstraintViolated(
            kind, str(getattr(error, "constraint_name", None) or getattr(error, "column_name", ""))
        )
    if isinstance(error, _CONTENDED):
        return StoreBusy(f"PostgreSQL did not answer in time or gave way to another: {type(error).__name__}")
    if isinstance(error, _MISFITS):  # asyncpg quotes the value that does not fit its column
        return AssertionError(f"a value does not fit its column: {type(error).__name__}")
    if isinstance(error, _NO_WRITES):
        return StoreUnavailable(f"PostgreSQL takes no changes now: {type(error).__name__}")
    if isinstance(error, _FORGOTTEN):
        return StoreUnavailable(f"PostgreSQL no longer knows a prepared statement: {type(error).__name__}")
    if isinstance(error, _LOST + _GONE):
        return StoreUnavailable(f"The connection to PostgreSQL was lost: {type(error).__name__}")
    return error


def fault_of_connecting(error: BaseException) -> BaseException:
    """Word why there is no connection: whatever the server has against it may be mended while the service waits."""
    worded = fault(error)
    if isinstance(worded, StoreBusy | StoreUnavailable):
        return worded
    return StoreUnavailable(f"PostgreSQL takes no connection now: {type(error).__name__}")
