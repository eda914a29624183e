"""What the bytes of a direct all-reduce cost by themselves: blocking sockets, a thread for each direction,
numpy's adds, no messages, no failures, no TLS.

  bare_sockets.py RANKS BYTES ROUNDS

Every rank sends each other its values of that one's slice, adds its own slice, and sends the sums to all others and to a
coordinator, which answers with a byte when it has those of all. Prints the slowest rank's median round.
"""

import argparse
import os
import signal
import socket
import statistics
import threading
import time
from queue import SimpleQueue

import numpy


def connected():
    """Both ends of a TCP connection over the loopback device."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1)
        dialled = socket.create_connection(listening.getsockname())
        accepted, _ = listening.accept()
    for end in (dialled, accepted):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return dialled, accepted


def fill(end, array):
    rest = memoryview(array).cast("B")
    while rest:
        received = end.recv_into(rest)
        if received == 0:
            raise EOFError
        rest = rest[received:]


def start(task, *arguments):
    thread = threading.Thread(target=task, args=arguments, daemon=True)
    thread.start()
    return thread


def send_all(end, arrays):
    while (array := arrays.get()) is not None:
        end.sendall(memoryview(array).cast("B"))


class Rank:
    """One rank: ``links`` to the others by their numbers, and a link to the coordinator."""

    def __init__(self, number, slices, links, coordinator, rounds):
        self.slices, self.links, self.coordinator, self.rounds = slices, links, coordinator, rounds
        self.own = slices[number]
        self.vector = numpy.ones(slices[-1].stop, numpy.int32)
        self.sums = numpy.empty_like(self.vector)
        self.parts, self.arrived = SimpleQueue(), SimpleQueue()
        self.outboxes = {peer: SimpleQueue() for peer in links}
        self.journal = SimpleQueue()
        self.senders = [start(send_all, coordinator, self.journal)]
        for peer, end in links.items():
            self.senders.append(start(send_all, end, self.outboxes[peer]))
            start(self.receive, peer, end)

    def receive(self, peer, end):
        part = numpy.empty_like(self.vector[self.own])
        for _ in range(self.rounds):
            fill(end, part)
            self.parts.put(part)
            fill(end, self.sums[self.slices[peer]])
            self.arrived.put(peer)

    def round(self):
        for peer, outbox in self.outboxes.items():
            outbox.put(self.vector[self.slices[peer]])
        own = self.vector[self.own].copy()
        for _ in self.links:
            own += self.parts.get()
        for outbox in [*self.outboxes.values(), self.journal]:
            outbox.put(own)
        self.sums[self.own] = own
        for _ in self.links:
            self.arrived.get()
        self.coordinator.recv(1)
        assert self.sums[0] == self.sums[-1] == len(self.slices)

    def finish(self):
        """Waits until everything is sent."""
        for outbox in [*self.outboxes.values(), self.journal]:
            outbox.put(None)
        for sender in self.senders:
            sender.join()


def serve(links, slices, rounds):
    """The coordinator."""
    parts = [numpy.empty(each.stop - each.start, numpy.int32) for each in slices]
    arrived = SimpleQueue()

    def receive(end, part):
        for _ in range(rounds):
            fill(end, part)
            arrived.put(end)

    for end, part in zip(links, parts):
        start(receive, end, part)
    for _ in range(rounds):
        for _ in links:
            arrived.get()
        for end in links:
            end.send(b".")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ranks", type=int)
    parser.add_argument("bytes", type=int, help="of a vector of int32")
    parser.add_argument("rounds", type=int)
    options = parser.parse_args()
    ranks, length, rounds = options.ranks, options.bytes // 4, options.rounds
    if ranks < 2 or length < ranks or rounds < 1:
        parser.error("it takes two ranks, a value for each, and a round at least")
    slices = [slice(length * i // ranks, length * (i + 1) // ranks) for i in range(ranks)]
    links = [{} for _ in range(ranks)]
    for one in range(ranks):
        for other in range(one):
            links[one][other], links[other][one] = connected()
    coordinator = [connected() for _ in range(ranks)]
    found, answers = os.pipe()
    children = []
    for number in range(ranks + 1):
        child = os.fork()
        if child == 0:
            if number == ranks:
                serve([end for _, end in coordinator], slices, rounds)
            else:
                rank = Rank(number, slices, links[number], coordinator[number][0], rounds)
                seconds = []
                for _ in range(rounds):
                    begin = time.perf_counter()
                    rank.round()
                    seconds.append(time.perf_counter() - begin)
                rank.finish()
                os.write(answers, f"{statistics.median(seconds)}\n".encode())
            os._exit(0)
        children.append(child)
    os.close(answers)
    while children:
        ended, status = os.wait()
        children.remove(ended)
        if status != 0:  # The others would wait for it.
            for child in children:
                os.kill(child, signal.SIGTERM)
            raise SystemExit("a process failed")
    with os.fdopen(found) as lines:
        print(f"{ranks} ranks, {options.bytes:,} bytes: {1e3 * max(map(float, lines)):.3f} ms")


if __name__ == "__main__":
    main()
