"""Where the telemetry goes: the one place that knows Application Insights and OpenTelemetry's SDK.

Nothing happens, and nothing is imported, where APPLICATIONINSIGHTS_CONNECTION_STRING is not set. From
PYTHON_ENABLE_OPENTELEMETRY the worker knows that the app exports by itself: it hands over the host's trace, and the
host writes no second copy of each line (https://learn.microsoft.com/azure/azure-functions/opentelemetry-howto, where an
app makes its providers itself). APPLICATIONINSIGHTS_AUTHENTICATION_STRING says who writes: the exporter reads it, and
writes as the app's identity, without a key.

Only our own lines go out, and no library is instrumented: theirs hold addresses, and those of uploads are secrets.
"""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from shared.settings import place

if TYPE_CHECKING:
    from opentelemetry.sdk._logs.export import LogRecordExporter
    from opentelemetry.sdk.metrics.export import MetricReader
    from opentelemetry.sdk.trace.export import SpanExporter

OURS = ("shared", "functions")
"""The loggers whose lines go out."""

_log = logging.getLogger(__name__)


def start_exporting(environ: Mapping[str, str] | None = None) -> bool:
    """Send lines, metrics and traces to Application Insights; False where no setting says so, or it can't be done.

    Called once, when the app is loaded: half a second that is paid in Azure only. Never raises: the app works without.
    """
    here = place(environ)
    if not here.insights:
        return False
    try:
        from azure.monitor.opentelemetry.exporter import (
            AzureMonitorLogExporter,
            AzureMonitorMetricExporter,
            AzureMonitorTraceExporter,
        )
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

        send_to(
            AzureMonitorLogExporter(connection_string=here.insights),
            PeriodicExportingMetricReader(AzureMonitorMetricExporter(connection_string=here.insights)),
            AzureMonitorTraceExporter(connection_string=here.insights),
            here.app,
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, files have to move
        _log.error("telemetry could not be started", extra={"error": type(error).__name__})
        return False
    return True


def send_to(lines: "LogRecordExporter", measures: "MetricReader", spans: "SpanExporter", app_name: str) -> None:
    """From now on all telemetry of this process goes there; what is left is sent when the process ends."""
    from opentelemetry import _logs, metrics, trace
    from opentelemetry.instrumentation.logging.handler import LoggingHandler
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON

    resource = Resource.create({"service.name": app_name or "moment"})
    # One span for each use case is little, and each is wanted: the host's sampling does not decide on them.
    tracers = TracerProvider(ALWAYS_ON, resource)
    tracers.add_span_processor(BatchSpanProcessor(spans))
    trace.set_tracer_provider(tracers)
    metrics.set_meter_provider(MeterProvider([measures], resource))
    loggers = LoggerProvider(resource)
    loggers.add_log_record_processor(BatchLogRecordProcessor(lines))
    _logs.set_logger_provider(loggers)
    handler = LoggingHandler(logging.INFO, loggers)
    for logger in map(logging.getLogger, OURS):
        if not logger.isEnabledFor(logging.INFO):
            logger.setLevel(logging.INFO)
        logger.addHandler(handler)
