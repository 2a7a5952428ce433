// A program on Mongoose that updates one field of a document at a time: with its check of versions,
// its timestamps, and an audit entry in a hook after each save.
//
// node index.mjs URI DATABASE TASKS SECONDS FIELDS LENGTH
//
// Prints one line of JSON: what it did after a warm-up, in microseconds and a second.

import mongoose from "mongoose";

const [uri, dbName, ...numbers] = process.argv.slice(2);
const [tasks, seconds, fields, length] = numbers.map(Number);
const WARM_UP = Math.min(seconds, 1);
const WORDS = "the quick brown fox jumps over the lazy dog and runs away into the night";

const names = Array.from({ length: fields - 1 }, (_, at) => `f${String(at).padStart(3, "0")}`);
const text = (number) => `${String(number).padStart(4, "0")} ${WORDS}`.slice(0, length);

const Entry = mongoose.model(
  "Entry",
  new mongoose.Schema(
    {
      document: mongoose.ObjectId,
      version: Number,
      action: String,
      user: String,
      at: Date,
      changes: mongoose.Schema.Types.Mixed,
    },
    { collection: "log", versionKey: false },
  ),
);

const schema = new mongoose.Schema(
  {
    counter: Number,
    ...Object.fromEntries(names.map((name) => [name, String])),
    updatedBy: String,
  },
  { collection: "documents", optimisticConcurrency: true, timestamps: true },
);

schema.pre("save", function () {
  this.$locals.changes = Object.fromEntries(
    this.directModifiedPaths().map((path) => [path, { new: this.get(path) }]),
  );
});

schema.post("save", async function (saved) {
  await Entry.create({
    document: saved._id,
    version: saved.__v,
    action: "update",
    user: "desk",
    at: new Date(),
    changes: saved.$locals.changes,
  });
});

const Sample = mongoose.model("Sample", schema);

async function update(sample) {
  sample.counter += 1;
  sample.updatedBy = "desk";
  await sample.save();
}

async function task(sample, until, latencies) {
  while (performance.now() < until) {
    const begun = performance.now();
    await update(sample);
    latencies.push((performance.now() - begun) * 1e3);
  }
}

async function run(samples, lasting) {
  const latencies = [];
  const begun = performance.now();
  const until = begun + lasting * 1e3;
  await Promise.all(samples.map((sample) => task(sample, until, latencies)));
  return { latencies: latencies.sort((a, b) => a - b), took: (performance.now() - begun) / 1e3 };
}

await mongoose.connect(uri, {
  dbName,
  autoIndex: false,
  writeConcern: { w: "majority", journal: true },
});
const texts = Object.fromEntries(names.map((name, at) => [name, text(at + 1)]));
const samples = [];
for (let at = 0; at < tasks; at += 1) {
  samples.push(await Sample.create({ counter: 0, ...texts, updatedBy: "desk" }));
}
await run(samples, WARM_UP);
const cpu = process.cpuUsage();
const { latencies, took } = await run(samples, seconds);
const { user, system } = process.cpuUsage(cpu);
const quantile = (part) => latencies[Math.floor((latencies.length - 1) * part)];
console.log(
  JSON.stringify({
    operations: latencies.length,
    p50_us: quantile(0.5),
    p99_us: quantile(0.99),
    throughput: latencies.length / took,
    cpu_us: (user + system) / latencies.length,
  }),
);
await mongoose.disconnect();
