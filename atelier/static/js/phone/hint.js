// What in a draft could tell who somebody is, guessed from its form, in French and in English. A pure function of the text.

const MONTHS = "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre";
const MONTHS_EN = "January|February|March|April|May|June|July|August|September|October|November|December";
const DAY = "(?:1er|premier|0?[1-9]|[12]\\d|3[01])";
const DAY_EN = "(?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?";
const NOT_IN_WORD = "(?<![\\p{L}\\p{N}])";
const END = "(?![\\p{L}\\p{N}])";
const STREETS = "rue|avenue|av\\.|boulevard|bd|place|chemin|impasse|allées?|quai|route|cours|square|passage";
const STREETS_EN = "Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square|Close";
const MONEY = "Euros?|Francs?|Dollars?";

/* Days that a whole country shares are nobody's own: only with a year do they say something. */
const SHARED_DAYS = /^(?:1er|premier|1) (?:janvier|mai)$|^8 (?:mars|mai)$|^14 juillet$|^11 novembre$|^(?:24|25|31) décembre$/i;

const form = (pattern, flags = "iu") => new RegExp(pattern, `g${flags.replace("g", "")}`);

const FORMS = [
  ["email", form("[^\\s@<>]+@[^\\s@<>]+\\.\\p{L}{2,}")],
  ["number", form("(?<![\\d])\\d(?: ?\\d){12,14}(?! ?\\d)")],
  ["number", form(`${NOT_IN_WORD}[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?${END}`, "u")],
  ["number", form(`${NOT_IN_WORD}[A-Z]{2}-\\d{3}-[A-Z]{2}${END}`, "u")],
  ["phone", form("(?<![\\d+])(?:\\+|00)[1-9]\\d{0,2}(?:[ .\\-()]{0,2}\\d){7,12}(?!\\d)")],
  ["phone", form(`${NOT_IN_WORD}0[1-9](?:[ .-]?\\d{2}){4}${END}`)],
  ["phone", form(`${NOT_IN_WORD}0[1-9]\\d{1,3}[ -]\\d{3,4}[ -]\\d{3,4}${END}`)],
  ["phone", form("(?<![\\d.])\\(?\\d{3}\\)?[-. ]\\d{3}[-.]\\d{4}(?!\\d)")],
  ["date", form(`${NOT_IN_WORD}(?:0?[1-9]|[12]\\d|3[01])([/.-])(?:0?[1-9]|[12]\\d|3[01])\\1(?:\\d{4}|\\d{2})${END}(?!\\1)`)],
  ["date", form(`${NOT_IN_WORD}(?:19|20)\\d{2}-(?:0\\d|1[0-2])-(?:[0-2]\\d|3[01])${END}`)],
  ["date", form(`${NOT_IN_WORD}${DAY} (?:${MONTHS})(?: (?:19|20)\\d{2})?${END}`)],
  ["date", form(`${NOT_IN_WORD}(?:${MONTHS_EN}) ${DAY_EN}(?:,? (?:19|20)\\d{2})?${END}`, "u")],
  ["date", form(`${NOT_IN_WORD}${DAY_EN} (?:of )?(?:${MONTHS_EN})(?:,? (?:19|20)\\d{2})?${END}`, "u")],
  ["place", form(`${NOT_IN_WORD}\\d{1,4}(?: ?bis| ?ter)?,? (?:${STREETS}) (?:(?:de|du|des|la|le|les|d’|l’|d'|l')[ ]?)*\\p{L}[\\p{L}’'-]+(?: \\p{Lu}[\\p{L}’'-]+)*`)],
  ["place", form(`${NOT_IN_WORD}\\d{1,5} \\p{Lu}[\\p{L}’'-]+(?: \\p{Lu}[\\p{L}’'-]+)? (?:${STREETS_EN})${END}`, "u")],
  ["place", form(`${NOT_IN_WORD}\\d{5} (?!(?:${MONEY})${END})\\p{Lu}[\\p{L}’'-]+`, "u")],
  ["name", form(`${NOT_IN_WORD}(?:M\\.|MM\\.|Mme\\.?|Mmes|Mlle|Mr\\.?|Mrs\\.?|Ms\\.?|Dr\\.?|Pr\\.|[Mm]onsieur|[Mm]adame|[Mm]ademoiselle|[Dd]octeur|[Mm]aître) \\p{Lu}[\\p{L}’'-]*`, "u")],
];

/* What is written with a capital and names nobody. */
const COMMON = words(`
  lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday
  ${MONTHS} ${MONTHS_EN} noël pâques toussaint ramadan aïd kippour christmas easter
  france français française europe européen américain américaine afrique asie amérique occident états unis algérie maroc tunisie italie espagne portugal
  allemagne angleterre belgique suisse canada chine paris africa asia america england britain germany italy spain london european
  french english german spanish italian portuguese arabic african american british irish chinese christian muslim jewish catholic
  état etat république église histoire nation constitution dieu god bible coran internet web google facebook instagram whatsapp covid
  sécurité pôle caf madame monsieur mesdames messieurs maman papa mum mom dad grandma grandpa terre soleil lune nord sud est ouest
  école université hôpital mairie préfecture assemblée sénat smic bac je oui non ok euro euros franc francs dollar dollars`.replaceAll("|", " "));

/* At the head of a sentence any word has a capital: there, only these are taken for a name. */
const FIRST_NAMES = words(`
  nathalie isabelle sylvie sophie sandrine céline stéphanie valérie julie aurélie émilie laurence virginie caroline camille léa manon chloé inès
  jean michel philippe nicolas christophe patrick frédéric laurent thierry stéphane julien sébastien thomas alexandre mohamed ahmed karim fatima
  samira aïcha khadija yacine mehdi antoine hugo lucas théo nathan kevin jérôme guillaume françois mathieu bernard andré jacques marie nadia
  sarah emma james david jennifer jessica michael robert susan karen lisa emily andrew daniel matthew peter paul`);

function words(list) {
  return new Set(list.trim().split(/\s+/).map((word) => word.toLowerCase()));
}

const CAPITALISED = /(?<![\p{L}\p{N}])\p{Lu}\p{Ll}{2,}(?:-\p{Lu}\p{Ll}+)*(?![\p{L}\p{N}])/gu;
const STARTS = /(?:^|\n|[^\p{L}\p{N}\s,»”)\]’'%€&])[\s"«“‘(*•–—-]*$/u;

// The kinds of things that the text seems to hold, each once: email, phone, date, place, number, name.
export function seen(text) {
  const found = new Set();
  let left = text.normalize("NFC").replace(/[\u00a0\u202f]/g, " ");
  for (const [kind, pattern] of FORMS) {
    left = left.replace(pattern, (match) => {
      if (kind === "date" && SHARED_DAYS.test(match)) return match;
      found.add(kind);
      return "x".repeat(match.length);
    });
  }
  if (holdsName(left)) found.add("name");
  return [...found];
}

function holdsName(text) {
  const capitals = [...text.matchAll(CAPITALISED)];
  if (isTitle(text, capitals.length)) return false;
  return capitals.some(({ 0: word, index }) => {
    const plain = word.toLowerCase();
    const starts = STARTS.test(text.slice(0, index).replace(/(?<![\p{L}])(?:[ldjcsnmtLDJCSNMT]|[Qq]u)[’']$/u, ""));
    return starts ? plain.split("-").some((part) => FIRST_NAMES.has(part)) : !COMMON.has(plain);
  });
}

// Where nearly every word has its capital, capitals say nothing.
function isTitle(text, capitals) {
  const long = text.match(/\p{L}{3,}/gu) ?? [];
  return capitals >= 3 && capitals > long.length * 0.6;
}
