"""Python shell runs on a real worker: arguments, output, and every way to end."""

import hashlib
import json
import os
import time
import urllib.request
from typing import Any

import pytest

from tests.e2e.embedded import alive
from tests.e2e.stack import wait_until

WARM_DRIVERS = "0"


def test_a_script_sees_its_arguments_as_on_aws(bench: Any) -> None:
    done = bench.run("import sys; print(sys.argv[1:])", arguments={"day": "monday", "flag": ""})
    assert done.state == "SUCCEEDED"
    seen = eval(done.output[0])  # noqa: S307 - our own script printed it
    assert seen[seen.index("--day") + 1] == "monday"
    assert seen[seen.index("--flag") + 1].startswith("--"), "a key without a value stands alone"
    assert not {"--JOB_NAME", "--JOB_ID", "--JOB_RUN_ID"} & set(seen), "AWS only passes these to Spark jobs"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("raise ValueError('boom')", "ValueError: boom"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("import os; os._exit(5)", "exit code 5"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
        ("this is no python", "SyntaxError"),
        ("import awswrangler_of_aws", "No module named 'awswrangler_of_aws' (not installed here: --additional-python"),
        ("import threading\nthreading.Thread(target=print).start()\nraise KeyError('late')", "KeyError: 'late'"),
    ],
)
def test_a_failed_script_fails_the_run_with_its_reason(bench: Any, script: str, message: str) -> None:
    done = bench.run(script)
    assert done.state == "FAILED"
    assert message in (done.message or "")


@pytest.mark.parametrize(
    "script",
    [
        "import sys; sys.exit(0)",
        "import sys; sys.exit()",
        "print('done')",
        "import os; print('done'); os._exit(0)",
        "import sys; sys.stdout.close()",
    ],
)
def test_a_successful_script_succeeds(bench: Any, script: str) -> None:
    assert bench.run(script).state == "SUCCEEDED"


def test_the_exit_of_a_forked_child_does_not_end_the_script(bench: Any) -> None:
    done = bench.run("import os\nif os.fork() == 0:\n    os._exit(0)\nos.wait()\nos._exit(4)")
    assert (done.state, "exit code 4" in (done.message or "")) == ("FAILED", True)


def test_standard_input_is_empty_for_a_script_and_its_child_processes(bench: Any) -> None:
    done = bench.run("import subprocess, sys\nprint(repr(sys.stdin.read()), subprocess.check_output('cat'))")
    assert (done.state, done.output) == ("SUCCEEDED", ["'' b''"])


def test_a_run_waits_for_the_scripts_threads(bench: Any) -> None:
    script = "import threading, time\nthreading.Thread(target=lambda: (time.sleep(1), print('after'))).start()"
    done = bench.run(script)
    assert (done.state, done.output) == ("SUCCEEDED", ["after"])


def test_a_run_waits_for_threads_after_sys_exit(bench: Any) -> None:
    done = bench.run(
        "import sys, threading, time\n"
        "threading.Thread(target=lambda: (time.sleep(1), print('after'))).start()\nsys.exit(0)"
    )
    assert (done.state, done.output) == ("SUCCEEDED", ["after"])


def test_an_idle_executor_does_not_keep_a_script_running(bench: Any) -> None:
    done = bench.run(
        "import concurrent.futures, builtins\n"
        "builtins.pool = concurrent.futures.ThreadPoolExecutor(2)\nprint(pool.submit(len, 'abc').result())"
    )
    assert (done.state, done.output) == ("SUCCEEDED", ["3"])


def test_runs_do_not_use_the_machines_proxy(bench: Any) -> None:
    done = bench.run("import os; print([name for name in os.environ if name.lower().endswith('_proxy')])")
    assert done.output == ["[]"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "s3://nowhere/folder/",
            "S3 for bucket: nowhere, key: folder/.Not Found (Service: Amazon S3; Status Code: 404)",
        ),
        ("s3://nowhere/file", "S3 for bucket: nowhere, key: file.Not Found (Service: Amazon S3; Status Code: 404)"),
        (
            "s3://nowhere/file",
            "the bucket nowhere does not exist: create it and upload the file (`glue-local provision`",
        ),
        ("s3://scripts/no-file", "the bucket has no such object: upload it"),
        ("http://somewhere/file", "is not an S3 location"),
    ],
)
def test_missing_extra_files_fail_the_run(bench: Any, path: str, message: str) -> None:
    done = bench.run("print()", DefaultArguments={"--extra-files": path})
    assert done.state == "FAILED"
    assert message in (done.message or "")


def test_a_folder_of_extra_files_may_contain_its_marker(bench: Any) -> None:
    for key, body in (("folder/", b""), ("folder/deep/", b""), ("folder/deep/one.txt", b"1")):
        bench.s3.put_object(Bucket="scripts", Key=key, Body=body)
    done = bench.run("print(open('deep/one.txt').read())", DefaultArguments={"--extra-files": "s3a://scripts/folder/"})
    assert (done.state, done.output) == ("SUCCEEDED", ["1"])


def test_a_missing_script_is_a_failure_that_names_it(bench: Any) -> None:
    name = bench.job("print()")
    bench.s3.delete_object(Bucket="scripts", Key=f"{name}.py")
    done = bench.ended(name, bench.start(name))
    assert done.state == "FAILED"
    told = (
        f"LAUNCH ERROR | Error downloading from S3 for bucket: scripts, key: {name}.py.Not Found (Service: Amazon S3;"
    )
    assert (done.message or "").startswith(told)
    assert (done.message or "").endswith(f"it is the script of job {name}")


def test_the_missing_bucket_of_a_script_is_named_with_its_job_and_the_fix(bench: Any) -> None:
    done = bench.run("print()", DefaultArguments={"--scriptLocation": "s3://gone/it.py"})
    assert done.state == "FAILED"
    assert "key: it.py." in done.message
    assert "the bucket gone does not exist: create it and upload the file" in done.message
    assert "it is the script of job " in done.message


def test_a_syntax_error_has_pythons_message(bench: Any) -> None:
    done = bench.run("ok = 1\nif ok\n    print(ok)\n")
    assert done.state == "FAILED"
    assert done.error[0].startswith('  File "')
    assert done.error[0].endswith(", line 2")
    assert done.error[1:4] == ["    if ok", "         ^", "SyntaxError: expected ':'"]
    assert len(done.error) == 4


def test_extra_py_files_are_importable_and_extra_files_are_in_the_folder(bench: Any) -> None:
    bench.s3.put_object(Bucket="scripts", Key="lib/roads.py", Body=b"NAME = 'E40'")
    bench.s3.put_object(Bucket="scripts", Key="data/limits.txt", Body=b"120")
    done = bench.run(
        "import roads; print(roads.NAME, open('limits.txt').read())",
        DefaultArguments={
            "--extra-py-files": "s3://scripts/lib/roads.py",
            "--extra-files": "s3://scripts/data/limits.txt",
        },
    )
    assert (done.state, done.output) == ("SUCCEEDED", ["E40 120"])


def test_output_appears_while_the_script_runs(bench: Any) -> None:
    name = bench.job("import time, sys\nprint('begun', flush=True)\nprint('oh', file=sys.stderr)\ntime.sleep(20)")
    run_id = bench.start(name)
    run = bench.await_state(name, run_id, "RUNNING")
    end = time.monotonic() + 10
    while not (bench.lines(run, "output") and bench.lines(run, "error")):
        assert time.monotonic() < end, "no output while it runs"
        time.sleep(0.1)
    assert bench.lines(run, "output") == ["begun"]
    assert bench.state(name, run_id)["JobRunState"] == "RUNNING"
    bench.glue.batch_stop_job_run(JobName=name, JobRunIds=[run_id])
    assert bench.ended(name, run_id).state == "STOPPED"


def test_a_run_with_much_output_succeeds(bench: Any) -> None:
    done = bench.run("for n in range(150_000):\n    print(f'{n:0100d}')")
    assert (done.state, done.message) == ("SUCCEEDED", None)


def test_a_stopped_run_leaves_no_process(bench: Any) -> None:
    script = (
        "import os, subprocess, time\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        "away = subprocess.Popen(['sleep', '60'], start_new_session=True)\n"
        "print(os.getpid(), child.pid, away.pid, flush=True)\ntime.sleep(60)"
    )
    name = bench.job(script)
    run_id = bench.start(name)
    run = bench.await_state(name, run_id, "RUNNING")
    while not bench.lines(run, "output"):
        time.sleep(0.1)
    pids = [int(pid) for pid in bench.lines(run, "output")[0].split()]
    bench.glue.batch_stop_job_run(JobName=name, JobRunIds=[run_id])
    assert bench.ended(name, run_id).state == "STOPPED"
    for pid in pids:
        wait_until(lambda pid=pid: not alive(pid), 10, f"process {pid} to be gone")


def test_two_runs_run_in_parallel(bench: Any) -> None:
    name = bench.job("import time; time.sleep(1.5)", ExecutionProperty={"MaxConcurrentRuns": 2})
    began = time.monotonic()
    runs = [bench.start(name) for _ in range(2)]
    assert [bench.ended(name, run_id).state for run_id in runs] == ["SUCCEEDED", "SUCCEEDED"]
    runs_seen = [bench.state(name, run_id) for run_id in runs]
    latest_start = max(run["StartedOn"] for run in runs_seen)
    first_end = min(run["CompletedOn"] for run in runs_seen)
    assert latest_start < first_end, f"they overlapped, {time.monotonic() - began:.1f} s"


def test_nothing_leaks_from_run_to_run(bench: Any) -> None:
    name = bench.job(
        "import os, sys\nprint(os.environ.get('LEFT'), os.listdir('.'))\nos.environ['LEFT'] = 'x'\nopen('left', 'w')"
    )
    for _ in range(2):
        assert bench.ended(name, bench.start(name)).output == ["None []"]


def test_aws_cannot_be_reached(bench: Any) -> None:
    script = (
        "import boto3, os, subprocess, sys\n"
        "print(boto3.client('sts').get_caller_identity()['Account'])\n"
        "code = 'import socket; socket.create_connection((\"s3.amazonaws.com\", 443))'\n"
        "print(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stderr[-120:])\n"
        "print('GLUE_LOCAL_TOKEN' in os.environ)"
    )
    done = bench.run(script)
    assert done.state == "SUCCEEDED", done
    assert done.output[0] == "000000000000"
    assert "does not resolve s3.amazonaws.com" in " ".join(done.output)
    assert done.output[-1] == "False", "a script must not get the worker's token"


def test_a_run_acts_in_the_account_of_its_job(bench: Any) -> None:
    glue, s3 = bench.client("glue", "111122223333"), bench.client("s3", "111122223333")
    s3.create_bucket(Bucket="theirs")
    s3.put_object(
        Bucket="theirs",
        Key="a.py",
        Body=b"import boto3; print(boto3.client('s3').list_buckets()['Buckets'][0]['Name'])",
    )
    command = {"Name": "pythonshell", "ScriptLocation": "s3://theirs/a.py"}
    glue.create_job(Name="theirs", Role="arn:aws:iam::111122223333:role/r", Command=command)
    run_id = glue.start_job_run(JobName="theirs")["JobRunId"]
    end = time.monotonic() + 30
    while (run := glue.get_job_run(JobName="theirs", RunId=run_id)["JobRun"])["JobRunState"] not in (
        "SUCCEEDED",
        "FAILED",
    ):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert run["JobRunState"] == "SUCCEEDED", run


def test_a_killed_worker_fails_its_run_and_another_takes_over(bench: Any) -> None:
    name = bench.job("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)")
    run_id = bench.start(name)
    run = bench.await_state(name, run_id, "RUNNING")
    while not bench.lines(run, "output"):
        time.sleep(0.1)
    script = int(bench.lines(run, "output")[0])
    os.kill(bench.server.status()["children"]["worker"], 9)
    done = bench.await_state(name, run_id, "FAILED")
    assert "worker" in done["ErrorMessage"]
    wait_until(lambda: not alive(script), 10, "the script to follow its worker")
    after = bench.run("print('next')")
    assert (after.state, after.output) == ("SUCCEEDED", ["next"]), after


def test_the_hash_of_the_executed_script_is_recorded(bench: Any) -> None:
    script, module = "import shared; print(shared.ROAD)", b"ROAD = 'E17'\n"
    bench.s3.put_object(Bucket="scripts", Key="lib/shared.py", Body=module)
    bench.s3.put_object(Bucket="scripts", Key="lib/limits/e17.txt", Body=b"120")
    arguments = {"--extra-py-files": "s3://scripts/lib/shared.py", "--extra-files": "s3://scripts/lib/limits/"}
    done = bench.run(script, DefaultArguments=arguments)
    assert (done.state, done.output) == ("SUCCEEDED", ["E17"])
    url = f"{bench.server.endpoint}/_glue_local/executed/{hashlib.sha256(script.encode()).hexdigest()}"
    with urllib.request.urlopen(url) as answer:
        [run] = json.load(answer)["Runs"]
    assert run["RunId"] == done.run["Id"]
    assert run["Files"]["shared.py"] == hashlib.sha256(module).hexdigest()
    assert run["Files"]["work/e17.txt"] == hashlib.sha256(b"120").hexdigest()


def test_jobs_of_a_workflow_follow_each_other_and_share_its_properties(bench: Any) -> None:
    script = (
        "import boto3, sys\n"
        "from awsglue.utils import getResolvedOptions\n"
        "args = getResolvedOptions(sys.argv, ['WORKFLOW_NAME', 'WORKFLOW_RUN_ID', 'step'])\n"
        "run = {'Name': args['WORKFLOW_NAME'], 'RunId': args['WORKFLOW_RUN_ID']}\n"
        "glue = boto3.client('glue')\n"
        "seen = glue.get_workflow_run_properties(**run)['RunProperties']['steps']\n"
        "glue.put_workflow_run_properties(**run, RunProperties={'steps': seen + args['step']})\n"
    )
    first, second = bench.job(script), bench.job(script)
    bench.glue.create_workflow(Name="steps", DefaultRunProperties={"steps": ""})
    place = {"WorkflowName": "steps"}
    action = {"JobName": first, "Arguments": {"--step": "1"}}
    bench.glue.create_trigger(Name="first", Type="ON_DEMAND", Actions=[action], **place)
    bench.glue.create_trigger(
        Name="second",
        Type="CONDITIONAL",
        StartOnCreation=True,
        Predicate={"Conditions": [{"LogicalOperator": "EQUALS", "JobName": first, "State": "SUCCEEDED"}]},
        Actions=[{"JobName": second, "Arguments": {"--step": "2"}}],
        **place,
    )
    run_id = bench.glue.start_workflow_run(Name="steps", RunProperties={"steps": "0"})["RunId"]
    ended = lambda: bench.glue.get_workflow_run(Name="steps", RunId=run_id)["Run"]["Status"] == "COMPLETED"  # noqa: E731
    wait_until(ended, 90, "the end of the workflow run")
    run = bench.glue.get_workflow_run(Name="steps", RunId=run_id)["Run"]
    assert (run["WorkflowRunProperties"], run["Statistics"]["SucceededActions"]) == ({"steps": "012"}, 2)
