#!/bin/sh
# One task of an OpenPBS or PBS Professional array for each shard. The range is that of the plan, 0 to its last shard:
#     array=$(qsub -J 0-6 -v PLAN=features/plan.json contrib/pbs.sh)
#     qsub -W depend=afterany:"$array" -v PLAN=features/plan.json,VERB=merge contrib/pbs.sh
# After a failure submit the same again: shards that are done end at once. Torque takes the array that 'status' prints:
# qsub -t 3,5-6
#PBS -N fewshot
#PBS -l select=1:ncpus=2:mem=4gb
#PBS -l walltime=01:00:00
#PBS -j oe
#PBS -r y
cd "${PBS_O_WORKDIR:-.}" || exit 73
exec fewshot-features "${VERB:-worker}" "$PLAN" --threads 2 --max-memory 3G
