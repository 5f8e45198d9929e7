"""Timers: a monitored one that is rarely due, and one that fails until its last retry."""

import json

import azure.functions as func

app = func.FunctionApp()


@app.timer_trigger("timer", "0 0 0 1 1 *")
def yearly(timer: func.TimerRequest) -> None:
    print(
        "SEEN "
        + json.dumps({"function": "yearly", "past_due": timer.past_due, "status": timer.schedule_status})
        + "\n",
        end="",
    )


@app.timer_trigger("timer", "0 0 0 1 1 *", run_on_startup=True, use_monitor=False)
@app.retry("fixed_delay", "2", delay_interval="00:00:00")
def retried(timer: func.TimerRequest, context: func.Context) -> None:
    print("SEEN " + json.dumps({"function": "retried", "retry": context.retry_context.retry_count}) + "\n", end="")
    if context.retry_context.retry_count < 2:
        raise ValueError("as told")
