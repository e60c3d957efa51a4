"""Runs the shards of a fewshot-features plan, or a fewshot-train study, as tasks of a Ray cluster, then joins them.

The driver knows nothing of features: `status` says what is left, and a worker's exit status what became of one.
"""

import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
from typing import Any

import ray

UNAVAILABLE, TRY_AGAIN = 69, 75
RETRIES = 3


def say(text: str) -> None:
    print(f"fewshot-ray: {text}", file=sys.stderr, flush=True)


def run_worker(command: list[str]) -> tuple[int, str]:
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


def may_succeed(status: int) -> bool:
    """Whether trying again may help: the worker says so, or a signal ended it."""
    return status == TRY_AGAIN or status > 128


def run_tasks(numbers: list[int], command: list[str], options: dict[str, Any], at_once: int) -> dict[int, int]:
    """Runs a task for each number, at most `at_once` at a time; gives back the status of each that failed for good."""
    work = ray.remote(run_worker).options(max_retries=RETRIES, **options)
    waiting = collections.deque((number, 0) for number in numbers)
    running: dict[ray.ObjectRef, tuple[int, int]] = {}
    failed: dict[int, int] = {}
    done = 0
    while waiting or running:
        while waiting and len(running) < at_once:
            number, tries = waiting.popleft()
            running[work.remote([*command, str(number)])] = number, tries
        for task in ray.wait(list(running))[0]:
            number, tries = running.pop(task)
            try:
                status, words = ray.get(task)
            except ray.exceptions.RayError as error:
                status, words = TRY_AGAIN, str(error).splitlines()[0]
            if status == 0:
                done += 1
                say(f"{done} of {len(numbers)} done: {words}")
            elif may_succeed(status) and tries < RETRIES:
                say(f"task {number} ended with {status} and is tried again: {words}")
                waiting.append((number, tries + 1))
            else:
                say(f"task {number} ended with {status}: {words}")
                failed[number] = status
    return failed


def numbers_of(expression: str) -> list[int]:
    """The numbers of an array expression, as 0-3,7."""
    ends = [[int(end) for end in word.split("-")] for word in expression.split(",") if word]
    return [number for end in ends for number in range(end[0], end[-1] + 1)]


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fewshot-ray", description=__doc__.splitlines()[0])
    parser.add_argument(
        "work", help="plan.json or its folder, or with --tasks a study file; all nodes see it at this path"
    )
    parser.add_argument(
        "--tool", help="fewshot-features, or fewshot-train for a study, which all nodes have at this path"
    )
    parser.add_argument(
        "--address", help="as auto or host:6379 (default: the cluster that Ray finds, else this machine)"
    )
    parser.add_argument("--cpus", type=int, default=2, metavar="n", help="cores of a task (default: 2)")
    parser.add_argument("--memory", type=int, metavar="bytes", help="memory of a task")
    parser.add_argument("--at-once", type=int, default=1000, metavar="n", help="tasks that may run at a time")
    parser.add_argument("--virtual", action="store_true", help="merge a plan by an HDF5 virtual dataset")
    parser.add_argument("--tasks", type=int, metavar="n", help="the work is a study, shared by n tasks")
    parser.add_argument("--output", metavar="folder", help="where the runs of a study go")
    parser.add_argument("--replace", action="store_true", help="train a study's runs again that were made otherwise")
    arguments = parser.parse_args()
    if min(arguments.cpus, arguments.at_once, arguments.memory or 1, arguments.tasks or 1) < 1:
        parser.error("--cpus, --memory, --at-once and --tasks take numbers from 1")
    return arguments


def commands(arguments: argparse.Namespace, tool: str) -> tuple[list[str], list[str], list[str]]:
    """What asks for the status, what does one task (its number comes behind), and what joins the results."""
    work = os.path.abspath(arguments.work)
    threads = ["--threads", str(arguments.cpus)]
    if arguments.tasks:
        more = ["--output", os.path.abspath(arguments.output)] if arguments.output else []
        more += ["--replace"] if arguments.replace else []
        tasks = ["--tasks", str(arguments.tasks)]
        run = [tool, "run", work, *more, *threads]
        return [tool, "status", work, *more, *tasks, "--json"], [*run, *tasks, "--task"], run
    memory = ["--max-memory", f"{max(1, arguments.memory // 5 * 4 >> 10)}K"] if arguments.memory else []
    merge = [tool, "merge", work] + (["--virtual"] if arguments.virtual else [])
    return [tool, "status", work, "--json"], [tool, "worker", work, *threads, *memory, "--shard"], merge


def main() -> None:
    arguments = parsed_arguments()
    name = arguments.tool or ("fewshot-train" if arguments.tasks else "fewshot-features")
    tool = shutil.which(name)
    if not tool:
        say(f"error: {name}: found no such program, expected one of fewshot's tools; name it with --tool.")
        sys.exit(UNAVAILABLE)
    ask, task, join = commands(arguments, os.path.abspath(tool))
    # Its own sentence, where there is one, is on stderr already.
    asked = subprocess.run(ask, stdout=subprocess.PIPE, check=False)
    if asked.returncode not in (0, TRY_AGAIN):
        sys.exit(asked.returncode)
    numbers = numbers_of(json.loads(asked.stdout)["array"])
    if numbers:
        options = {"num_cpus": arguments.cpus}
        if arguments.memory:
            options["memory"] = arguments.memory
        ray.init(address=arguments.address, log_to_driver=False, logging_level="ERROR")
        say(f"{len(numbers)} tasks to do on {int(ray.cluster_resources().get('CPU', 0))} cores")
        failed = run_tasks(numbers, task, options, arguments.at_once)
        if failed:
            lasting = [status for status in failed.values() if not may_succeed(status)]
            found = f"found {len(failed)} tasks that failed, expected none"
            say(f"error: {arguments.work}: {found}; run this again for those.")
            sys.exit(lasting[0] if lasting else TRY_AGAIN)
    sys.exit(subprocess.run(join, check=False).returncode)


if __name__ == "__main__":
    main()
