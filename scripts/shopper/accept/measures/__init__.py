"""How each planted truth is measured from the marts: SQL by truth, one value each. A room's module joins `SINGLE`."""

from __future__ import annotations

from typing import Final

from shopper.accept.measures import visits_and_customers

SINGLE: Final[dict[str, str]] = {
    **visits_and_customers.SINGLE,
}
