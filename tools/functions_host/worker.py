"""The seam to Microsoft's worker library: index an app, call its functions.

Used inside a worker process only, because the library keeps the app in module globals: one app per process.
`handle_event` is internal to `azure-functions-runtime`, so its version is pinned and the contract tests exist to fail
on an upgrade. Source: https://github.com/Azure/azure-functions-python-worker
"""

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import azure_functions_runtime as runtime

from . import protos
from .messages import Indexed, IndexedFunction, Invocation, Outcome


def _request(**body: Any) -> SimpleNamespace:
    return SimpleNamespace(request=SimpleNamespace(**body), properties={"protos": protos, "host": "127.0.0.1"})


async def index(app_dir: Path) -> Indexed:
    """Import the app in `app_dir` and list its functions; every failure becomes a readable problem."""
    sys.path.insert(0, str(app_dir))
    os.chdir(app_dir)
    runtime.start_threadpool_executor()
    body = SimpleNamespace(capabilities={}, function_app_directory=str(app_dir))
    try:
        started = await runtime.worker_init_request(_request(worker_init_request=body))
    except SystemExit as stopped:
        return Indexed(problem=f"the app ended itself while it was imported (exit code {stopped.code})")
    if started.result.status != protos.StatusResult.Success:
        failure = started.result.exception
        return Indexed(problem=f"{failure.message}\n{failure.stack_trace}".rstrip())
    listed = await runtime.functions_metadata_request(_request())
    functions = tuple(_indexed(each) for each in listed.function_metadata_results or ())
    if not functions:
        return Indexed(problem=f"no functions found: is there a function_app.py with functions in {app_dir}?")
    return Indexed(functions=functions)


def _indexed(metadata: Any) -> IndexedFunction:
    retry = metadata.retry_options
    return IndexedFunction(
        function_id=metadata.function_id,
        name=metadata.name,
        raw_bindings=tuple(metadata.raw_bindings),
        retry=dict(vars(retry)) if retry else None,
    )


async def invoke(invocation: Invocation) -> Outcome:
    """Call one function; what user code raises is part of the outcome."""
    # The library sets this for synchronous functions only; log lines of asynchronous ones need it too.
    runtime.invocation_id_cv.set(invocation.invocation_id)
    body = SimpleNamespace(
        invocation_id=invocation.invocation_id,
        function_id=invocation.function_id,
        input_data=[protos.ParameterBinding(name=n, data=d) for n, d in invocation.input_data.items()],
        trigger_metadata=dict(invocation.trigger_metadata),
        trace_context=SimpleNamespace(trace_parent="", trace_state="", attributes={}),
        retry_context=SimpleNamespace(
            retry_count=invocation.retry_count, max_retry_count=invocation.max_retry_count, exception=None
        ),
    )
    response = await runtime.invocation_request(_request(invocation_request=body))
    if response.result.status != protos.StatusResult.Success:
        failure = response.result.exception
        return Outcome(invocation.invocation_id, succeeded=False, error=failure.message, stack=failure.stack_trace)
    return Outcome(
        invocation.invocation_id,
        succeeded=True,
        return_value=response.return_value,
        outputs={each.name: each.data for each in response.output_data},
    )
