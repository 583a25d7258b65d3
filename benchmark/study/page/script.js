"use strict";
// Shows the comparisons of study.js to one rater and keeps the answers. It loads and sends nothing: pictures come from
// the folder, answers go to the browser's own storage and, on demand, into a file.

const FORMAT = "retargetbench-votes/1";
const APART = 4; // a comparison that is shown again comes at least so many others later, where there are enough

const byId = (id) => document.getElementById(id);
const study = window.STUDY;
const session = { rater: "", begun: "", votes: [], order: [] };
const shown = { films: null, frame: 0, playing: true, slow: false, complete: false, since: 0, clock: 0, step: "" };

// ---- the same rater always gets the same order -------------------------------------------------------------------

function generator(text) {
  let state = 2166136261; // FNV-1a for the seed, mulberry32 for the numbers
  for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0), 16777619) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled(list, random) {
  const mixed = list.slice();
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}

const pairOf = (trial) => trial.items.slice().sort().join(" ");

function keptApart(trials) {
  const clashes = (list, at) => list.slice(Math.max(0, at - APART), at).some((t) => pairOf(t) === pairOf(list[at]));
  for (let i = 1; i < trials.length; i++) {
    for (let j = i + 1; clashes(trials, i) && j < trials.length; j++) {
      [trials[i], trials[j]] = [trials[j], trials[i]];
      if (clashes(trials, i)) [trials[i], trials[j]] = [trials[j], trials[i]];
    }
  }
  return trials;
}

function orderFor(rater) {
  const random = generator(study.study + "/" + rater);
  const trials = keptApart(shuffled(study.trials, random));
  const flips = shuffled(trials.map((_, i) => i % 2 === 1), random); // each method's pictures left as often as right
  const before = new Map();
  return trials.map((trial, i) => {
    const items = trial.items.slice().sort();
    let [left, right] = flips[i] ? [items[1], items[0]] : items;
    if (before.has(pairOf(trial))) [right, left] = before.get(pairOf(trial)); // shown again: the sides change
    before.set(pairOf(trial), [left, right]);
    return { trial, left, right };
  });
}

// ---- where the rater is ------------------------------------------------------------------------------------------

const steps = () => session.order.length * study.questions.length;
const current = () => {
  const at = session.votes.length;
  return { ...session.order[Math.floor(at / study.questions.length)], question: study.questions[at % study.questions.length], at };
};

function stored(rater) {
  return "retargetbench-study/" + study.study + "/" + rater;
}

function keep() {
  const { rater, begun, votes } = session;
  try {
    localStorage.setItem(stored(rater), JSON.stringify({ begun, votes }));
    byId("warning").textContent = "";
  } catch {
    byId("warning").textContent = "This browser keeps nothing from this page: do not close it before you have downloaded your answers.";
  }
}

function resume(rater) {
  session.rater = rater;
  session.order = orderFor(rater);
  session.votes = [];
  session.begun = new Date().toISOString();
  try {
    const kept = JSON.parse(localStorage.getItem(stored(rater)) || "null");
    if (kept && Array.isArray(kept.votes) && kept.votes.length <= steps()) Object.assign(session, kept);
  } catch { /* nothing was kept */ }
}

function answer(choice) {
  if (byId("trial").hidden || !shown.complete) return;
  const { trial, left, right, question } = current();
  const seconds = Math.round((performance.now() - shown.since) / 100) / 10;
  session.votes.push({ trial: trial.id, question: question.id, left, right, answer: choice, seconds });
  keep();
  show();
}

function undo() {
  if (!session.votes.length) return;
  session.votes.pop();
  keep();
  show();
}

// ---- what is on the screen ---------------------------------------------------------------------------------------

function only(id) {
  for (const main of document.querySelectorAll("main")) main.hidden = main.id !== id;
}

function fail(text) {
  byId("why").textContent = text;
  only("problem");
}

function show() {
  byId("early").hidden = !session.votes.length || session.votes.length === steps();
  if (session.votes.length === steps()) {
    only("done");
    byId("file").textContent = "The file is called " + fileName() + ".";
    return;
  }
  only("trial");
  const { trial, question, at } = current();
  const place = Math.floor(at / study.questions.length);
  byId("place").textContent = place + 1 + " of " + session.order.length;
  byId("progress").value = at / steps();
  byId("question").textContent = question.text;
  byId("back").disabled = at === 0;
  if (shown.step !== trial.id) load(trial);
  unlock();
  shown.since = performance.now();
}

function unlock() {
  for (const choice of ["left", "same", "right"]) byId("answer-" + choice).disabled = !shown.complete;
  byId("wait").classList.toggle("on", !shown.complete);
}

const pictures = new Map();

function picture(name) {
  if (!pictures.has(name)) {
    const image = new Image();
    image.src = "media/" + name + ".webp";
    pictures.set(name, image.decode().then(() => image));
  }
  return pictures.get(name);
}

async function load(trial) {
  const { left, right, at } = current();
  Object.assign(shown, { films: null, frame: 0, playing: true, complete: false, step: trial.id });
  byId("frame").max = trial.frames - 1;
  for (const id of ["left", "source", "right"]) {
    byId(id).width = trial.width; // also empties the canvas
    byId(id).height = trial.height;
  }
  try {
    const films = await Promise.all([picture(left), picture(trial.source), picture(right)]);
    if (shown.step !== trial.id) return; // the rater went on or back meanwhile
    shown.films = { left: films[0], source: films[1], right: films[2], trial };
    shown.clock = performance.now();
    shown.since = performance.now();
    draw();
  } catch {
    fail("A picture is missing: the folder must stay whole, with index.html, study.js and the folder media.");
  }
  const next = session.order[Math.floor(at / study.questions.length) + 1];
  if (next) for (const name of [next.left, next.trial.source, next.right]) picture(name).catch(() => {});
  const kept = new Set([left, right, trial.source, next?.left, next?.right, next?.trial.source]);
  for (const name of pictures.keys()) if (!kept.has(name)) pictures.delete(name);
}

function draw() {
  const { trial } = shown.films;
  const x = (shown.frame % trial.columns) * trial.width;
  const y = Math.floor(shown.frame / trial.columns) * trial.height;
  for (const id of ["left", "source", "right"]) {
    byId(id).getContext("2d").drawImage(shown.films[id], x, y, trial.width, trial.height, 0, 0, trial.width, trial.height);
  }
  byId("frame").value = shown.frame;
  byId("play").textContent = shown.playing ? "Pause" : "Play";
}

function tick(now) {
  requestAnimationFrame(tick);
  if (!shown.films || !shown.playing) return;
  const lasts = (shown.slow ? 2000 : 1000) / shown.films.trial.fps;
  const due = Math.floor((now - shown.clock) / lasts);
  if (due < 1) return;
  shown.clock += due * lasts;
  const next = shown.frame + due;
  if (next >= shown.films.trial.frames && !shown.complete) {
    shown.complete = true;
    unlock();
  }
  shown.frame = next % shown.films.trial.frames;
  draw();
}

function play(on) {
  shown.playing = on;
  shown.clock = performance.now();
  if (shown.films) draw();
}

function stepBy(frames) {
  if (!shown.films) return;
  const count = shown.films.trial.frames;
  shown.frame = (shown.frame + frames + count) % count;
  play(false);
}

function slowDown() {
  shown.slow = !shown.slow;
  byId("slow").setAttribute("aria-pressed", String(shown.slow));
}

// ---- the file ----------------------------------------------------------------------------------------------------

const fileName = () => "votes-" + study.study + "-" + session.rater + ".json";

function download() {
  const file = {
    format: FORMAT,
    study: study.study,
    rater: session.rater,
    simulated: false,
    complete: session.votes.length === steps(),
    begun: session.begun,
    written: new Date().toISOString(),
    votes: session.votes,
  };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1) + "\n"], { type: "application/json" }));
  link.download = fileName();
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// ---- hands -------------------------------------------------------------------------------------------------------

const KEYS = {
  1: () => answer("left"), 2: () => answer("same"), 3: () => answer("right"),
  ArrowLeft: () => answer("left"), ArrowDown: () => answer("same"), ArrowRight: () => answer("right"),
  " ": () => play(!shown.playing), ",": () => stepBy(-1), ".": () => stepBy(1), s: slowDown, Backspace: undo,
};

function pressed(event) {
  if (byId("trial").hidden || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault(); // no scrolling, no slider, no button that happens to have the focus
  act();
}

function begin(event) {
  event.preventDefault();
  const rater = byId("rater").value.trim();
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(rater)) return;
  byId("rater").blur();
  resume(rater);
  keep();
  show();
}

function start() {
  if (!study || study.format !== "retargetbench-study/1") return fail("Its list of comparisons, study.js, is missing or of another version.");
  document.title = byId("title").textContent = study.title;
  for (const question of study.questions) {
    const line = document.createElement("li");
    line.textContent = question.text;
    byId("asked").append(line);
  }
  byId("count").textContent = study.trials.length;
  const seconds = study.trials.reduce((sum, trial) => sum + 3 * study.questions.length + (2 * trial.frames) / trial.fps, 0);
  byId("minutes").textContent = "about " + Math.max(1, Math.round(seconds / 60)) + (seconds < 90 ? " minute" : " minutes");
  byId("who").addEventListener("submit", begin);
  for (const choice of ["left", "same", "right"]) byId("answer-" + choice).addEventListener("click", () => answer(choice));
  byId("play").addEventListener("click", () => play(!shown.playing));
  byId("frame").addEventListener("input", () => { shown.frame = Number(byId("frame").value); play(false); });
  byId("slow").addEventListener("click", slowDown);
  for (const id of ["back", "undo"]) byId(id).addEventListener("click", undo);
  for (const id of ["download", "early"]) byId(id).addEventListener("click", download);
  document.addEventListener("keydown", pressed);
  byId("rater").value = decodeURIComponent((/^#rater=([A-Za-z0-9_-]{1,40})$/.exec(location.hash) || ["", ""])[1]);
  only("start");
  byId("rater").focus();
  requestAnimationFrame(tick);
}

start();
