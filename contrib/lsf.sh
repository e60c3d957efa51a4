#!/bin/sh
# One task of an LSF array for each shard, counted from 1; the indices take a list, as fewshot[4,6-7]. LSF queues a task
# again that ends with 75, as -Q says:
#     PLAN=features/plan.json bsub -J 'fewshot[1-7]' -Q 75 < contrib/lsf.sh
#     PLAN=features/plan.json VERB=merge bsub -J fewshot-merge -w 'ended("fewshot")' < contrib/lsf.sh
# After a failure submit the same again: shards that are done end at once.
#BSUB -n 2
#BSUB -R "span[hosts=1]"
#BSUB -M 4G
#BSUB -W 60
#BSUB -o fewshot-%J-%I.log
exec fewshot-features "${VERB:-worker}" "$PLAN" --threads 2 --max-memory 3G
