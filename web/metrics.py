"""The post office's numbers, as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from delivery import Counts

_NOW = frozenset({"waiting", "in_flight", "failing", "connected"})
"""What goes up and down; all else only rises."""


class DeliveryMetrics(Collector):
    """Reads the counts at each request: nothing of them is kept twice."""

    def __init__(self, counts: Callable[[], Mapping[str, Counts]]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """One family for each number, labelled by channel."""
        counts = self._counts()
        for each in fields(Counts):
            family = GaugeMetricFamily if each.name in _NOW else CounterMetricFamily
            metric = family(f"tadamun_{each.name}", f"Messages: {each.name}.", labels=["channel"])
            for channel, numbers in counts.items():
                metric.add_metric([channel], float(getattr(numbers, each.name)))
            yield metric
