"""Runs the shards of a fewshot-features plan as tasks of a Ray cluster, then merges them.

The driver knows nothing of features: `status` says which shards are left, and a worker's exit status what became of one.
"""

import argparse
import collections
import json
import os
import shutil
import subprocess
import sys

import ray

UNAVAILABLE, TRY_AGAIN = 69, 75
RETRIES = 3


def say(text):
    print(f"fewshot-ray: {text}", file=sys.stderr, flush=True)


def run_worker(command):
    """Runs a worker on some node; gives back its exit status, as shells count, and its last words."""
    worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        said = worker.communicate()[0].decode(errors="replace").strip().splitlines()
    finally:
        # A task that is cancelled asks its worker to stop, which keeps what it has.
        if worker.poll() is None:
            worker.terminate()
            worker.wait()
    return worker.returncode if worker.returncode >= 0 else 128 - worker.returncode, said[-1] if said else ""


def may_succeed(status):
    """Whether trying again may help: the worker says so, or a signal ended it."""
    return status == TRY_AGAIN or status > 128


def run_shards(shards, command, options, at_once):
    """Runs one task a shard, at most `at_once` at a time; gives back the status of each shard that failed for good."""
    work = ray.remote(run_worker).options(max_retries=RETRIES, **options)
    waiting, running, failed = collections.deque((shard, 0) for shard in shards), {}, {}
    done = 0
    while waiting or running:
        while waiting and len(running) < at_once:
            shard, tries = waiting.popleft()
            running[work.remote(command + ["--shard", str(shard)])] = shard, tries
        for task in ray.wait(list(running))[0]:
            shard, tries = running.pop(task)
            try:
                status, words = ray.get(task)
            except ray.exceptions.RayError as error:
                status, words = TRY_AGAIN, str(error).splitlines()[0]
            if status == 0:
                done += 1
                say(f"{done} of {len(shards)} shards done: {words}")
            elif may_succeed(status) and tries < RETRIES:
                say(f"shard {shard} ended with {status} and is tried again: {words}")
                waiting.append((shard, tries + 1))
            else:
                say(f"shard {shard} ended with {status}: {words}")
                failed[shard] = status
    return failed


def parsed_arguments():
    parser = argparse.ArgumentParser(prog="fewshot-ray", description=__doc__.splitlines()[0])
    parser.add_argument("plan", help="plan.json, or its folder, which all nodes see at this path")
    parser.add_argument("--tool", default="fewshot-features", help="the tool, which all nodes have at this path")
    parser.add_argument("--address", help="as auto or host:6379 (default: the cluster that Ray finds, else this machine)")
    parser.add_argument("--cpus", type=int, default=2, metavar="n", help="cores of a task (default: 2)")
    parser.add_argument("--memory", type=int, metavar="bytes", help="memory of a task")
    parser.add_argument("--at-once", type=int, default=1000, metavar="n", help="tasks that may run at a time")
    parser.add_argument("--virtual", action="store_true", help="merge by an HDF5 virtual dataset")
    arguments = parser.parse_args()
    if min(arguments.cpus, arguments.at_once, arguments.memory or 1) < 1:
        parser.error("--cpus, --memory and --at-once take numbers from 1")
    return arguments


def main():
    arguments = parsed_arguments()
    tool, plan = shutil.which(arguments.tool), os.path.abspath(arguments.plan)
    if not tool:
        say(f"error: {arguments.tool}: found no such program, expected fewshot-features; name it with --tool.")
        sys.exit(UNAVAILABLE)
    tool = os.path.abspath(tool)
    # Its own sentence, where there is one, is on stderr already.
    asked = subprocess.run([tool, "status", plan, "--json"], stdout=subprocess.PIPE)
    if asked.returncode not in (0, TRY_AGAIN):
        sys.exit(asked.returncode)
    status = json.loads(asked.stdout)
    shards = [] if status["isMerged"] else [one["shard"] for one in status["unfinished"]]
    if shards:
        limits = ["--threads", str(arguments.cpus)]
        options = {"num_cpus": arguments.cpus}
        if arguments.memory:
            limits += ["--max-memory", f"{max(1, arguments.memory // 5 * 4 >> 10)}K"]
            options["memory"] = arguments.memory
        ray.init(address=arguments.address, log_to_driver=False, logging_level="ERROR")
        say(f"{len(shards)} of {status['shards']} shards to do on {int(ray.cluster_resources().get('CPU', 0))} cores")
        failed = run_shards(shards, [tool, "worker", plan, *limits], options, arguments.at_once)
        if failed:
            lasting = [status for status in failed.values() if not may_succeed(status)]
            say(f"error: {plan}: found {len(failed)} shards that failed, expected none; run this again for those.")
            sys.exit(lasting[0] if lasting else TRY_AGAIN)
    sys.exit(subprocess.run([tool, "merge", plan] + (["--virtual"] if arguments.virtual else [])).returncode)


if __name__ == "__main__":
    main()
