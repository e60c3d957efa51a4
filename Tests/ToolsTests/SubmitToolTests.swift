import Foundation
import TestSupport
import Testing

/// A plan of four shards, and stand-ins for Slurm's programs.
private struct PlannedBuild: ~Copyable {
    let photographs: Photographs

    /// Plans the build; the stand-in allows arrays of so many tasks.
    init(arrays maximum: Int = 1001) throws {
        let photographs = try Photographs()
        let programs = [
            "scontrol": "echo MaxArraySize = \(maximum)",
            "sbatch": #"for word; do echo "$word"; done >> "$WORDS"; echo 7"#,
        ]
        for (name, line) in programs {
            // By another process, since what this one holds open for writing when a test beside starts a tool cannot
            // be run.
            let write = "mkdir -p \"$0\"; printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$0/$1\"; chmod +x \"$0/$1\""
            let written = try ToolRun("/bin/sh", ["-c", write, photographs.scratch.file("programs"), name, line])
            try #require(written.status == 0)
        }
        let plan = try photographs.build("--shards", "4", verb: "plan")
        try #require(plan.status == 0, "\(plan.messages)")
        self.photographs = photographs
    }

    func file(_ name: String) -> String { photographs.scratch.file(name) }
    func text(_ name: String) -> String { photographs.scratch.text(name) }

    func tool(_ verb: String, _ more: String...) throws -> ToolRun {
        let shell = "PATH=\(file("programs")):$PATH WORDS=\(file("words"))"
        return try ToolRun("fewshot-features", [verb, file("features")] + more, shell: shell)
    }

    /// Submits with all limits given, so that nothing is measured.
    func submit(_ more: String) throws -> ToolRun {
        try tool("submit", "--time", "30", "--memory", "1000M", more)
    }
}

@Test func onlyWhatIsLeftIsSubmitted() throws {
    let planned = try PlannedBuild()
    #expect(try planned.tool("worker", "--shard", "1").status == 0)
    let first = try planned.submit("--partition=cpu")
    #expect(first.status == 0 && first.output.hasPrefix("array job 7: tasks 0,2-3 for 3 of 4 shards, "))
    let words = planned.text("words")
    #expect(words.contains("\n--array=0,2-3\n") && words.contains("\n--dependency=afterany:7\n"))
    #expect(words.contains("\n--time=30\n--signal=B:TERM@60\n--partition=cpu\n") && words.contains("\n--mem=1000M\n"))
    let script = planned.text("features/jobs/array.sh")
    #expect(script.contains("features/plan.json --shards-per-task 1 --threads 2 --max-memory 800M &\n"), "\(script)")

    #expect(try planned.tool("worker", "--shard", "0-3").status == 0)
    let second = try planned.submit("--virtual")
    #expect(second.status == 0 && second.output.hasPrefix("merge job 7; scripts and logs in "))
    #expect(planned.text("features/jobs/merge.sh").hasSuffix("--threads 2 --max-memory 800M --virtual\n"))

    #expect(try planned.tool("merge").status == 0)
    let third = try planned.submit("--json")
    #expect(third.status == 0 && third.output.contains("\"unfinished\" : 0") && !third.output.contains("submission"))
    #expect(planned.text("words").split(separator: "\n").count { $0 == "--parsable" } == 3)
}

@Test func shardsShareTheTasksThatAnArrayMayHave() throws {
    let planned = try PlannedBuild(arrays: 2)
    #expect(try planned.tool("worker", "--shard", "1").status == 0)
    let dry = try planned.submit("--dry-run")
    #expect(dry.status == 0 && dry.output.contains(" --array=0-1 ") && dry.output.contains(" --shards-per-task 2 "))
    #expect(planned.text("words").isEmpty && planned.text("features/jobs/array.sh").isEmpty)
}

@Test func withoutTimeAndMemoryTheyAreMeasured() throws {
    let planned = try PlannedBuild()
    let run = try planned.tool("submit", "--json")
    #expect(run.status == 0 && run.output.contains("\"minutes\" : 5"), "\(run.messages)")
    #expect(planned.text("words").contains("\n--time=5\n"))
}

@Test func withoutSlurmOrRayTheWayOutIsSaid() throws {
    let planned = try PlannedBuild()
    let plan = planned.file("features")
    let slurm = try ToolRun.features("submit", plan, "--time", "5", "--memory", "1G", shell: "PATH=/nowhere")
    #expect(slurm.status == 69 && slurm.messages.contains("scontrol: found no such program"), "\(slurm.messages)")
    let ray = try ToolRun.features("submit", plan, "--engine", "ray", shell: "PATH=/nowhere")
    #expect(ray.status == 69 && ray.messages.contains("pip install contrib/ray"), "\(ray.messages)")
    for wrong in [["--cpus", "0"], ["--time", "0"], ["--at-once", "0"], ["--engine", "condor"], ["--memory", "x"]] {
        #expect(try ToolRun("fewshot-features", ["submit", plan] + wrong).status == 64, "\(wrong)")
    }
}
