import socket

from tools.stack.ports import choose_ports, free_port, is_free


def test_a_free_port_is_kept_in_silence():
    said: list[str] = []
    port = free_port(taken=set())

    assert choose_ports({"host": port}, said.append) == {"host": port}
    assert said == []


def test_a_busy_port_is_replaced_and_named():
    said: list[str] = []
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]

        chosen = choose_ports({"host": port}, said.append)["host"]

    assert chosen != port
    assert is_free(chosen)
    assert str(port) in said[0]
    assert str(chosen) in said[0]
