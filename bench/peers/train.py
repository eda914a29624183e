"""One rank of PyTorch DistributedDataParallel, on the weights and batches that Weir trains on.

Prints "step T LOSS SECONDS" after each step (SECONDS since the one before), on rank 0 only; before
the steps "compute SECONDS": a step's forward, backward and update without communication, all ranks
at it at once.
"""

import argparse
import copy
import itertools
import json
import time

import torch
import torch.distributed as dist
from safetensors.torch import load_file
from torch.distributed.algorithms.ddp_comm_hooks import default_hooks, powerSGD_hook
from torch.nn.parallel import DistributedDataParallel
from transformers import BertConfig, BertModel

COMPUTE_STEPS = 4
ONE_BUCKET_MB = 1024


class Classifier(torch.nn.Module):
    """BERT, the mean over each sequence's tokens, one linear layer."""

    def __init__(self, weights):
        super().__init__()
        vocabulary, hidden = weights["embeddings.word_embeddings.weight"].shape
        layers = sum(name.endswith("attention.self.query.bias") for name in weights)
        config = BertConfig(
            vocab_size=vocabulary,
            hidden_size=hidden,
            num_hidden_layers=layers,
            num_attention_heads=12,
            intermediate_size=weights["encoder.layer.0.intermediate.dense.weight"].shape[0],
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            attn_implementation="sdpa",
        )
        self.bert = BertModel(config, add_pooling_layer=False)
        self.classifier = torch.nn.Linear(hidden, weights["classifier.weight"].shape[0])
        head = {name.split(".", 1)[1]: weights.pop(name) for name in list(weights) if name.startswith("classifier.")}
        self.bert.load_state_dict(weights)
        self.classifier.load_state_dict(head)

    def forward(self, tokens, attention):
        x = self.bert(input_ids=tokens, attention_mask=attention).last_hidden_state
        weights = attention / attention.sum(1, keepdim=True)
        return self.classifier((x * weights.unsqueeze(2)).sum(1))


def batches(path, rank):
    """The shards of this rank: step by step padded tokens, attention, labels."""
    with open(path) as file:
        for line in file:
            shard = json.loads(line)
            if shard["shard"] == rank:
                rows = [torch.tensor(row) for row in shard["tokens"]]
                tokens = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
                lengths = torch.tensor([len(row) for row in rows])
                attention = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).float()
                yield tokens, attention, torch.tensor(shard["labels"])


def with_lora(model, rank):
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=["query", "value"], modules_to_save=["classifier"])
    return get_peft_model(model, config)


def distributed(model, hook):
    """DDP as PyTorch's tuning guide has it: views into buckets, a static graph, no buffers.

    PowerSGD gets one bucket for all: with several, gloo ends after a few steps since the sizes of what two ranks
    send each other differ.
    """
    buckets = {"bucket_cap_mb": ONE_BUCKET_MB} if hook == "powersgd" else {}
    ddp = DistributedDataParallel(
        model, gradient_as_bucket_view=True, static_graph=hook != "powersgd", broadcast_buffers=False, **buckets
    )
    if hook == "fp16":
        ddp.register_comm_hook(None, default_hooks.fp16_compress_hook)
    if hook == "powersgd":
        state = powerSGD_hook.PowerSGDState(None, matrix_approximation_rank=1, start_powerSGD_iter=2)
        ddp.register_comm_hook(state, powerSGD_hook.powerSGD_hook)
    return ddp


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--batches", required=True)
    parser.add_argument("--rank", type=int, required=True)
    parser.add_argument("--world-size", type=int, required=True)
    parser.add_argument("--store", required=True, help="HOST:PORT of rank 0")
    parser.add_argument("--hook", default="none", choices=["none", "fp16", "powersgd"])
    parser.add_argument("--lora", type=int, default=0, help="rank of the adapters; 0 trains everything")
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    options = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(1)
    dist.init_process_group(
        "gloo", init_method=f"tcp://{options.store}", rank=options.rank, world_size=options.world_size
    )
    model = Classifier(load_file(options.model))
    if options.lora:
        model = with_lora(model, options.lora)
    trained = [p for p in model.parameters() if p.requires_grad]

    def new_optimizer():
        return torch.optim.AdamW(trained, lr=options.learning_rate, weight_decay=0.0, fused=True)

    optimizer = new_optimizer()
    initial = copy.deepcopy(model.state_dict())
    if options.rank == 0:
        print("trained", sum(p.numel() for p in trained), flush=True)

    # DDP averages over ranks; Weir's step is the mean over the whole batch.
    share = options.world_size / options.batch_size

    def step(batch, network):
        tokens, attention, labels = batch
        optimizer.zero_grad(set_to_none=False)
        loss = torch.nn.functional.cross_entropy(network(tokens, attention), labels, reduction="sum") * share
        loss.backward()
        return loss.detach()

    dist.barrier()
    begin = time.perf_counter()
    for batch in itertools.islice(batches(options.batches, options.rank), COMPUTE_STEPS):
        step(batch, model)
        optimizer.step()
    if options.rank == 0:
        print("compute", (time.perf_counter() - begin) / COMPUTE_STEPS, flush=True)
    optimizer.zero_grad(set_to_none=True)
    model.load_state_dict(initial)
    optimizer = new_optimizer()
    # Not before: a backward pass without DDP's forward would leave its reducer in disorder.
    ddp = distributed(model, options.hook)
    dist.barrier()

    last = time.perf_counter()
    for number, batch in enumerate(batches(options.batches, options.rank)):
        loss = step(batch, ddp)
        optimizer.step()
        if number == 0:
            dist.all_reduce(loss)  # To compare with others' first loss; later ones are this rank's share.
        if options.rank == 0:
            now = time.perf_counter()
            print("step", number, float(loss) / options.world_size, now - last, flush=True)
            last = now


if __name__ == "__main__":
    main()
