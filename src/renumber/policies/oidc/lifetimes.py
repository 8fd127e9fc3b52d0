"""The lives of requests, codes and tokens."""

from datetime import timedelta

from renumber.policies.limits import Allowance

REQUEST_FOR = timedelta(hours=1)  # while a person signs in, perhaps through a mailbox
PUSHED_FOR = timedelta(seconds=90)  # RFC 9126 2.2: until the browser brings it
KEPT_FROM_PLACE = Allowance(300, timedelta(minutes=10))  # requests of one place that wait for their people
CODE_FOR = timedelta(seconds=60)
ACCESS_FOR = timedelta(minutes=10)
REFRESH_FOR = timedelta(days=30)  # since it was last used
ID_TOKEN_FOR = timedelta(minutes=10)
ASSERTION_FOR = timedelta(minutes=5)  # at most, of an application that signs who it is
PROOF_FOR = timedelta(seconds=30)  # on its way, of a key (RFC 9449 11.1), the clocks aside
NONCE_FOR = timedelta(minutes=5)  # until the next is given out; this one is taken for as long again (RFC 9449 8.2)
SKEW = timedelta(seconds=60)  # by which the clock of an application may differ
