"""results.csv: rows as they come, and those after the place where a training goes on are dropped."""

from numa_deploy.training.record import Record


def test_rows_are_written_as_they_come(tmp_path):
    record = Record(tmp_path / "results.csv")
    record.add({"epoch": 1, "loss": 0.123456789})
    record.add({"epoch": 2, "loss": 0.1, "fitness": 0.5})
    assert (tmp_path / "results.csv").read_text().split() == ["epoch,loss,fitness", "1,0.123457,", "2,0.1,0.5"]


def test_a_resumed_training_drops_what_it_will_do_again(tmp_path):
    record = Record(tmp_path / "results.csv")
    for epoch in (1, 2, 3):
        record.add({"epoch": epoch, "loss": float(epoch)})
    again = Record(tmp_path / "results.csv", epoch=2)
    again.add({"epoch": 3, "loss": 7.0})
    assert (tmp_path / "results.csv").read_text().split() == ["epoch,loss", "1,1", "2,2", "3,7"]


def test_a_new_training_begins_anew(tmp_path):
    Record(tmp_path / "results.csv").add({"epoch": 1, "loss": 1.0})
    Record(tmp_path / "results.csv").add({"epoch": 1, "loss": 2.0})
    assert (tmp_path / "results.csv").read_text().split() == ["epoch,loss", "1,2"]


def test_seconds_add_up_over_a_training_that_goes_on(tmp_path):
    for epoch, seconds in ((1, 2.0), (2, 3.5)):
        Record(tmp_path / "results.csv", epoch - 1).add({"epoch": epoch, "seconds": seconds})
    assert (tmp_path / "results.csv").read_text().split() == ["epoch,seconds,time", "1,2,2", "2,3.5,5.5"]
    assert Record(tmp_path / "results.csv", 2).seconds == 5.5
    assert Record(tmp_path / "nothing.csv").seconds == 0.0


def test_followers_are_given_every_row(tmp_path):
    told = []
    Record(tmp_path / "results.csv", followers=[told.append]).add({"epoch": 1, "seconds": 2.0})
    assert told == [{"epoch": 1, "seconds": 2.0, "time": 2.0}]
