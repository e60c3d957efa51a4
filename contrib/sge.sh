#!/bin/sh
# One task of a Grid Engine array for each shard, counted from 1; 'smp' is the usual name of the parallel environment
# for cores:
#     qsub -t 1-7 -v PLAN=features/plan.json contrib/sge.sh
#     qsub -hold_jid fewshot -N fewshot-merge -v PLAN=features/plan.json,VERB=merge contrib/sge.sh
# After a failure submit the same again: shards that are done end at once.
#$ -N fewshot
#$ -S /bin/sh
#$ -cwd
#$ -j y
#$ -r y
#$ -pe smp 2
#$ -l h_rt=01:00:00
#$ -l h_vmem=2G
exec fewshot-features "${VERB:-worker}" "$PLAN" --threads 2 --max-memory 3G
