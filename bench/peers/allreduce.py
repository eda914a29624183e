"""One rank of an all-reduce benchmark: gloo by torch.distributed, or Open MPI by mpi4py.

  allreduce.py gloo --rank R --world-size N --store HOST:PORT
  mpirun … allreduce.py mpi

Rank 0 reads lines "BYTES ROUNDS" from standard input and answers each with one line of JSON: the seconds
of each round, a sum of float32 vectors of so many bytes, all ranks having met just before. The
slowest rank's time counts.
"""

import argparse
import json
import sys
import time

import numpy


class Gloo:
    def __init__(self, options):
        import torch
        import torch.distributed as dist

        torch.set_num_threads(1)
        self.torch, self.dist = torch, dist
        dist.init_process_group(
            "gloo", init_method=f"tcp://{options.store}", rank=options.rank, world_size=options.world_size
        )
        self.rank = options.rank

    def vector(self, count):
        return self.torch.full((count,), 1e-3)

    def sum(self, vector):
        self.dist.all_reduce(vector)

    def barrier(self):
        self.dist.barrier()

    def broadcast(self, numbers):
        tensor = self.torch.tensor(numbers, dtype=self.torch.int64)
        self.dist.broadcast(tensor, 0)
        return tensor.tolist()

    def slowest(self, seconds):
        tensor = self.torch.tensor(seconds, dtype=self.torch.float64)
        self.dist.all_reduce(tensor, op=self.dist.ReduceOp.MAX)
        return tensor.tolist()


class Mpi:
    def __init__(self, options):
        from mpi4py import MPI

        self.mpi, self.world = MPI, MPI.COMM_WORLD
        self.rank = self.world.Get_rank()

    def vector(self, count):
        return numpy.full(count, 1e-3, dtype=numpy.float32)

    def sum(self, vector):
        self.world.Allreduce(self.mpi.IN_PLACE, vector)

    def barrier(self):
        self.world.Barrier()

    def broadcast(self, numbers):
        arrived = self.world.Ibarrier()  # Open MPI waits by spinning, and others have their turn meanwhile.
        while not arrived.Test():
            time.sleep(1e-3)
        return self.world.bcast(numbers, root=0)

    def slowest(self, seconds):
        array = numpy.array(seconds)
        self.world.Allreduce(self.mpi.IN_PLACE, array, op=self.mpi.MAX)
        return array.tolist()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("library", choices=["gloo", "mpi"])
    parser.add_argument("--rank", type=int, default=0)
    parser.add_argument("--world-size", type=int, default=1)
    parser.add_argument("--store")
    options = parser.parse_args()
    peers = Gloo(options) if options.library == "gloo" else Mpi(options)
    while True:
        line = sys.stdin.readline() if peers.rank == 0 else ""
        size, rounds = peers.broadcast([int(word) for word in line.split()] or [0, 0])
        if rounds == 0:
            return
        vector = peers.vector(size // 4)
        seconds = []
        for _ in range(rounds):
            peers.barrier()
            begin = time.perf_counter()
            peers.sum(vector)
            seconds.append(time.perf_counter() - begin)
        slowest = peers.slowest(seconds)
        if peers.rank == 0:
            print(json.dumps(slowest), flush=True)


if __name__ == "__main__":
    main()
