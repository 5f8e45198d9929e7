"""Function, system and master keys, enforced as on the platform (`func start` ignores them; tests must see 401).

Page: https://learn.microsoft.com/azure/azure-functions/function-keys-how-to
"""

import hmac
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Keys:
    """The host's keys; `generated` are those that the person who started it has not chosen."""

    function: str
    master: str
    system: str
    generated: tuple[str, ...] = ()

    @classmethod
    def make(cls, function: str | None, master: str | None, system: str | None) -> "Keys":
        """Take the given keys and generate the others."""
        given = {"FUNCTION_KEY": function, "MASTER_KEY": master, "SYSTEM_KEY": system}
        values = {name: key or secrets.token_urlsafe(32) for name, key in given.items()}
        generated = tuple(f"{name} {values[name]}" for name, key in given.items() if not key)
        return cls(values["FUNCTION_KEY"], values["MASTER_KEY"], values["SYSTEM_KEY"], generated)

    def allow(self, level: str, header: str | None, code: str | None) -> bool:
        """Judge a caller at an authorization level: the header wins over `?code=`, the master key opens everything."""
        accepted = {
            "anonymous": None,
            "function": (self.function, self.master),
            "system": (self.system, self.master),
            "admin": (self.master,),
        }[level.lower()]
        if accepted is None:
            return True
        given = (header or code or "").encode()
        return any(hmac.compare_digest(given, key.encode()) for key in accepted)
