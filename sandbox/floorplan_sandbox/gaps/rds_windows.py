"""The windows of a DB instance may touch, and a backup is due every day of a maintenance.

moto refuses windows that touch, and compares times of day as if every window were on one day.
"""

import re

from moto.rds import models, utils

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY, WEEK = 24 * 60, 7 * 24 * 60
MAINTENANCE = re.compile(r"([a-z]{3}):([01]\d|2[0-3]):([0-5]\d)-([a-z]{3}):([01]\d|2[0-3]):([0-5]\d)")
BACKUP = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def valid_preferred_maintenance_window(maintenance_window, backup_window) -> str | None:
    window = MAINTENANCE.fullmatch(maintenance_window)
    if window is None or window[1] not in DAYS or window[4] not in DAYS:
        return (
            f"Invalid maintenance window format: {maintenance_window}. Should be specified as a range"
            " ddd:hh24:mi-ddd:hh24:mi (24H Clock UTC). Example: Sun:23:45-Mon:00:15"
        )
    start = DAYS.index(window[1]) * DAY + int(window[2]) * 60 + int(window[3])
    end = DAYS.index(window[4]) * DAY + int(window[5]) * 60 + int(window[6])
    length = (end - start) % WEEK
    if length < 30:
        return "The maintenance window must be at least 30 minutes."
    if length > DAY:
        return "Maintenance window must be less than 24 hours."
    backup = BACKUP.fullmatch(backup_window or "")
    if backup is None:
        return None
    first = int(backup[1]) * 60 + int(backup[2])
    lasts = (int(backup[3]) * 60 + int(backup[4]) - first) % DAY
    if (first - start) % DAY < length or (start - first) % DAY < lasts:
        return "The backup window and maintenance window must not overlap."
    return None


for module in (utils, models):
    if not hasattr(module, "valid_preferred_maintenance_window"):
        raise AttributeError(f"{module.__name__}.valid_preferred_maintenance_window is gone")
    module.valid_preferred_maintenance_window = valid_preferred_maintenance_window
