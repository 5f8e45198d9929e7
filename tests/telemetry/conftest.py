"""Spans and metrics, kept in memory. OpenTelemetry takes one provider of each for a process, so they are made once."""

import functools
from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


@functools.cache
def _tracing() -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@functools.cache
def _measuring() -> InMemoryMetricReader:
    reader = InMemoryMetricReader()
    metrics.set_meter_provider(MeterProvider([reader]))
    return reader


class Measured:
    """The metrics since the test began."""

    def __init__(self) -> None:
        self._before = _values()

    def __call__(self, name: str, **attributes: Any) -> tuple[int, float]:
        """How often a metric was recorded with these attributes among others, and the sum."""
        found = [0, 0.0]
        for (metric, seen), (count, total) in _values().items():
            if metric == name and set(attributes.items()) <= set(seen):
                before = self._before.get((metric, seen), (0, 0.0))
                found = [found[0] + count - before[0], found[1] + total - before[1]]
        return int(found[0]), found[1]


def _values() -> dict[tuple[str, frozenset[tuple[str, Any]]], tuple[int, float]]:
    found: dict[tuple[str, frozenset[tuple[str, Any]]], tuple[int, float]] = {}
    data = _measuring().get_metrics_data()
    for resource in data.resource_metrics if data else ():
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                for point in metric.data.data_points:
                    key = metric.name, frozenset((point.attributes or {}).items())
                    found[key] = (getattr(point, "count", 0), getattr(point, "sum", getattr(point, "value", 0.0)))
    return found


@pytest.fixture
def measured() -> Measured:
    return Measured()


@pytest.fixture
def spans() -> Callable[[str], list[ReadableSpan]]:
    """The ended spans of a name; all for none."""
    exporter = _tracing()
    exporter.clear()
    return lambda name="": [each for each in exporter.get_finished_spans() if name in {"", each.name}]
