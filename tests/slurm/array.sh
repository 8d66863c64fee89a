#!/bin/bash
# Runs the Slurm recipe of docs/batches.md on this machine, kills a task in the middle, lets Slurm requeue it, and compares all results
# with those of one run on as many threads. It needs root, Debian's slurm-wlm and munge, and no other Slurm on the machine, and takes a few
# minutes.
# usage: HYPIR_LONG=1 tests/slurm/array.sh PATH/TO/hypir
set -eu
[ "${HYPIR_LONG:-}" = 1 ] || { echo "Runs with HYPIR_LONG=1."; exit 0; }
hypir=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
export SLURM_CONF=$work/slurm.conf HYPIR_HOME=$work/home
node=$(hostname -s)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

mkdir -p "$work"/{spool,state,home,scans,bin,reports}
ln -s "$hypir" "$work/bin/hypir"
export PATH=$work/bin:$PATH
cat > "$SLURM_CONF" <<END
ClusterName=check
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
MpiDefault=none
KillWait=5
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$node Default=YES MaxTime=INFINITE State=UP
END

if [ ! -S /run/munge/munge.socket.2 ]; then
    [ -f /etc/munge/munge.key ] || { dd if=/dev/urandom of=/etc/munge/munge.key bs=1 count=1024 2>/dev/null; }
    mkdir -p /run/munge /var/log/munge /var/lib/munge
    chown munge: /etc/munge/munge.key /run/munge /var/log/munge /var/lib/munge
    chmod 400 /etc/munge/munge.key
    su -s /bin/sh munge -c "exec munged --foreground" & pids+=($!)
    for _ in $(seq 50); do [ -S /run/munge/munge.socket.2 ] && break; sleep 0.2; done
fi
slurmctld -D & pids+=($!)
slurmd -D -N "$node" & pids+=($!)
for _ in $(seq 60); do sinfo -h -o %T 2>/dev/null | grep -q idle && break; sleep 1; done
sinfo

# Enough pixels that a task is in the middle of its work when it is killed.
for i in $(seq 6); do
    "$hypir" restore "$root"/docs/images/examples/{blur,noise}.jpg -o "$work/scans" --strength 0 --width $((300 + i)) --format png --suffix "-$i" \
        --quiet --engine never || true
done
ls "$work/scans" | wc -l
[ "$(ls "$work/scans" | wc -l)" -ge 6 ]

cat > "$work/restore.sbatch" <<'END'
#!/bin/bash
#SBATCH --job-name=hypir
#SBATCH --array=0-2
#SBATCH --cpus-per-task=1
#SBATCH --time=04:00:00
#SBATCH --requeue
export OMP_NUM_THREADS=$SLURM_CPUS_PER_TASK
exec hypir restore scans/ -o restored/ --recursive --shard "$SLURM_ARRAY_TASK_ID/3" --resume --report "reports/part-$SLURM_ARRAY_TASK_ID.html"
END
cd "$work"
job=$(sbatch --parsable restore.sbatch)
# The first task is killed as soon as it has a result, but not all of them.
for _ in $(seq 600); do
    ls restored/*.png >/dev/null 2>&1 && squeue -h -j "${job}_0" -t RUNNING -o %T 2>/dev/null | grep -q RUNNING && break
    sleep 0.1
done
echo "killed with $(ls restored | wc -l) results"
scontrol requeue "${job}_0"
for _ in $(seq 400); do [ -z "$(squeue -h -j "$job" 2>/dev/null)" ] && break; sleep 1; done
scontrol show job "${job}_0" 2>/dev/null | grep -E "JobState|Restarts" || true
scontrol show job "${job}_0" 2>/dev/null | grep -q "Restarts=1"
tail -n 2 slurm-*.out

OMP_NUM_THREADS=1 "$hypir" restore scans/ -o alone/ --recursive --engine never --quiet
diff -r restored alone
[ "$(ls reports | wc -l)" = 3 ]
[ -z "$(find restored -name '.*' -type f)" ]
echo "Slurm: $(ls alone | wc -l) results equal those of one run, after a task was killed and requeued."
