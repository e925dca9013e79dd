"""Brings loopback up in a network namespace of its own, and answers DNS there: the names that are given
are this machine, and there are no others. Says on stdout when it serves, on stderr what it was asked."""

import fcntl
import socket
import struct
import sys

SIOCSIFFLAGS, IFF_UP = 0x8914, 1
A, NXDOMAIN = 1, 3

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(server, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
server.bind(("127.0.0.1", 53))
print("ready", flush=True)
while True:
    query, client = server.recvfrom(4096)
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    kind = struct.unpack(">H", query[at + 1 : at + 3])[0]
    name = ".".join(labels)
    print(f"{name} {kind}", file=sys.stderr, flush=True)
    known = name in sys.argv[1:]
    # The name by a pointer to the question, class IN, a minute to live.
    answer = struct.pack(">HHHIH4B", 0xC00C, A, 1, 60, 4, 127, 0, 0, 1) if known and kind == A else b""
    head = query[:2] + struct.pack(">HHHHH", 0x8180 | (0 if known else NXDOMAIN), 1, int(bool(answer)), 0, 0)
    server.sendto(head + query[12 : at + 5] + answer, client)
