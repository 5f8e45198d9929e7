"""An app with a trigger that the local host does not have."""

import azure.functions as func

app = func.FunctionApp()


@app.event_hub_message_trigger("event", "hub", "HUB")
def hub(event: func.EventHubEvent) -> None:
    pass
