# A line for each month that a study has answered, and what the gate says of it: python every_month.py STUDY LEAST
import sys

from brittlestar import forecast, gate

study, least = sys.argv[1], float(sys.argv[2])


def show(*points: float | None) -> str:
    value, low, high = (0.0 if point is None else 100 * point for point in points)
    return "–" if None in points else f"{value:.1f} [{low:.1f}, {high:.1f}]"


print(f"{'month':<14}{'rows':<6}{'expected':<20}{'labels':<8}{'measured':<20}gate at {least}")
for month in forecast(study, history=True).to_frame().iter_rows(named=True):
    expected = show(month["value"], month["low"], month["high"])
    measured = show(month["joined"], month["joined_low"], month["joined_high"])
    outcome = gate(study, min_expected={month["name"]: least}, progress=False).outcome
    print(f"{month['name']:<14}{month['rows']:<6}{expected:<20}{month['labels'] or 0:<8}{measured:<20}{outcome}")
