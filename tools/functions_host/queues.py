"""The queue listener: fetch, lease, renew, retry, poison, with the WebJobs SDK's rules.

Page: https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger (peek lock, poison
messages, polling algorithm, concurrency). The blob trigger's control queue is read by the same listener.
"""

import asyncio
import base64
import binascii
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

from .pool import WorkerDied

_log = logging.getLogger(__name__)
_FIRST_PAUSE_S = 0.1
_PAUSE_AFTER_ERROR_S = 1.0

Handler = Callable[[QueueMessage, bytes], Awaitable[bool]]
"""Handles a message with its decoded body; True when it is done. WorkerDied leaves the message to its lease."""
Poison = Callable[[QueueMessage], Awaitable[None]]


@dataclass(frozen=True)
class ListenerOptions:
    """How a listener fetches and retries."""

    batch_size: int
    new_batch_threshold: int
    max_dequeue_count: int
    retry_delay_s: float
    max_polling_interval_s: float
    lease_s: int
    """Ten minutes on the platform, fixed there; tests shorten it."""
    base64: bool = True


class QueueListener:
    """Feeds one handler from one queue, for one instance."""

    def __init__(self, queue: QueueClient, options: ListenerOptions, handler: Handler, poison: Poison) -> None:
        self._queue = queue
        self._options = options
        self._handler = handler
        self._poison = poison
        self._woken = asyncio.Event()
        self._stopping = False
        self._running: set[asyncio.Task[None]] = set()

    @property
    def queue_name(self) -> str:
        """The queue that it reads."""
        return self._queue.queue_name

    def wake(self) -> None:
        """Look at once: something was sent."""
        self._woken.set()

    def stop(self) -> None:
        """Fetch no more; `run` then ends once everything in hand is finished."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Listen until stopped. Cancelling it is the death of the instance: what was in hand waits for its lease."""
        pause = _FIRST_PAUSE_S
        try:
            while not self._stopping:
                self._woken.clear()
                found = await self._fetch_batch()
                pause = _FIRST_PAUSE_S if found else min(pause * 2, self._options.max_polling_interval_s)
                if not found:
                    await self._rest(pause)
                while len(self._running) > self._options.new_batch_threshold:
                    await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            if self._running:
                await asyncio.wait(self._running)
        finally:
            for task in self._running:
                task.cancel()

    async def _rest(self, pause: float) -> None:
        try:
            # Several instances must not look in step.
            async with asyncio.timeout(pause * random.uniform(0.8, 1.0)):
                await self._woken.wait()
        except TimeoutError:
            pass

    async def _fetch_batch(self) -> bool:
        size = self._options.batch_size
        pages = self._queue.receive_messages(
            messages_per_page=size, max_messages=size, visibility_timeout=self._options.lease_s
        ).by_page()
        try:
            # One page only: asking for the next one would be another receive.
            messages = [message async for message in await anext(pages)]
        except StopAsyncIteration:
            return False
        except ResourceNotFoundError:
            return False
        except AzureError as error:
            _log.warning("queue %s could not be read: %s", self._queue.queue_name, error)
            await self._rest(_PAUSE_AFTER_ERROR_S)
            return False
        for message in messages:
            task = asyncio.create_task(self._process(message))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return bool(messages)

    async def _process(self, message: QueueMessage) -> None:
        try:
            if (message.dequeue_count or 0) > self._options.max_dequeue_count:
                # Its last try ended with its instance, so nobody could count it.
                await self._give_up(message)
                return
            body = decode(message.content, is_base64=self._options.base64)
            if body is None:
                _log.error("a message on %s is not base64; it goes to the poison queue", self._queue.queue_name)
                await self._give_up(message)
                return
            await self._settle(message, done=await self._handle_leased(message, body))
        except WorkerDied:
            _log.warning("a message on %s was lost with its worker; its lease will end", self._queue.queue_name)
        except AzureError as error:
            # Often somebody else has it by now, or it is gone.
            _log.warning("a message on %s could not be settled: %s", self._queue.queue_name, error)

    async def _handle_leased(self, message: QueueMessage, body: bytes) -> bool:
        finished = asyncio.Event()
        renewal = asyncio.create_task(self._renew(message, finished))
        try:
            done = await self._handler(message, body)
            finished.set()
            # A renewal in flight changes the receipt that settling needs.
            await renewal
        except AzureError as error:
            _log.warning("a message on %s could not be handled now: %s", self._queue.queue_name, error)
            return False
        finally:
            renewal.cancel()
        return done

    async def _settle(self, message: QueueMessage, *, done: bool) -> None:
        if done:
            await self._queue.delete_message(message.id, message.pop_receipt)
        elif (message.dequeue_count or 0) >= self._options.max_dequeue_count:
            await self._give_up(message)
        else:
            delay = int(self._options.retry_delay_s)
            await self._queue.update_message(message.id, message.pop_receipt, visibility_timeout=delay)
            if not delay:
                self.wake()

    async def _give_up(self, message: QueueMessage) -> None:
        await self._poison(message)
        await self._queue.delete_message(message.id, message.pop_receipt)

    async def _renew(self, message: QueueMessage, finished: asyncio.Event) -> None:
        while not finished.is_set():
            try:
                async with asyncio.timeout(self._options.lease_s / 2):
                    await finished.wait()
            except TimeoutError:
                await self._renew_once(message)

    async def _renew_once(self, message: QueueMessage) -> None:
        lease = self._options.lease_s
        try:
            renewed = await self._queue.update_message(message.id, message.pop_receipt, visibility_timeout=lease)
            message.pop_receipt = renewed.pop_receipt
        except AzureError as error:
            _log.warning("the lease of a message on %s was not renewed: %s", self._queue.queue_name, error)


def encode(body: bytes | str) -> str:
    """Give the text of a message in base64, the platform's default encoding."""
    return base64.b64encode(body if isinstance(body, bytes) else body.encode()).decode()


def decode(content: str, *, is_base64: bool) -> bytes | None:
    """Give a message's body, or None where its text is not in the encoding that host.json says."""
    if not is_base64:
        return content.encode()
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return None
