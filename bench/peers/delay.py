"""A switch that adds delay, for kernels whose tc cannot: a TUN device "eth0" in each network namespace.

  delay.py MEGABITS ROUND_TRIP_MS NAMESPACE...

Each device is a link of that rate (0: any) in both directions; half of the round trip is added on the
way through. A packet that would wait longer than 50 ms for its link is dropped, as a router does.
Host i of the namespaces has the address whose last byte is i + 1. Prints "ready", then runs until it is
ended.
"""

import ctypes
import fcntl
import heapq
import os
import select
import struct
import sys
import time

MTU = 9000
TUNSETIFF = 0x400454CA
IFF_TUN_NO_PI = 0x0001 | 0x1000
CLONE_NEWNET = 0x40000000
MAX_QUEUE_SECONDS = 0.05


def open_tun(namespace):
    """A TUN device in a namespace; its file stays usable from here."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/var/run/netns/{namespace}") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter the namespace {namespace}")
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", b"eth0", IFF_TUN_NO_PI))
    return tun


def forward(tuns, seconds_per_byte, delay):
    up = [0.0] * len(tuns)  # when each link is free again
    down = [0.0] * len(tuns)
    waiting = []  # (when to deliver, order, device, packet)
    order = 0
    hosts = {tun: host for host, tun in enumerate(tuns)}
    poll = select.poll()
    for tun in tuns:
        poll.register(tun, select.POLLIN)
    while True:
        patience = (waiting[0][0] - time.monotonic()) * 1000 if waiting else 1000
        for tun, _ in poll.poll(max(0, patience)):
            host = hosts[tun]
            for _ in range(64):
                try:
                    packet = os.read(tun, MTU + 64)
                except BlockingIOError:
                    break
                to = packet[19] - 1
                if packet[0] >> 4 != 4 or not 0 <= to < len(tuns):
                    continue
                now = time.monotonic()
                sent = max(now, up[host]) + len(packet) * seconds_per_byte
                if sent - now > MAX_QUEUE_SECONDS:
                    continue
                up[host] = sent
                down[to] = max(sent + delay, down[to]) + len(packet) * seconds_per_byte
                order += 1
                heapq.heappush(waiting, (down[to], order, tuns[to], packet))
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, tun, packet = heapq.heappop(waiting)
            try:
                os.write(tun, packet)
            except BlockingIOError:
                pass  # The host's own queue is full: lost, as on a real link.


def main():
    megabits, round_trip_ms = float(sys.argv[1]), float(sys.argv[2])
    tuns = [open_tun(namespace) for namespace in sys.argv[3:]]
    print("ready", flush=True)
    forward(tuns, 8 / (megabits * 1e6) if megabits else 0.0, round_trip_ms / 2000)


if __name__ == "__main__":
    main()
