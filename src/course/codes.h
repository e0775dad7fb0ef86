/*
 * The one table of everything that `understory check` can say: code, severity, what it means, and
 * what to do. F files · J course.json · M Markdown · Q items · G items from a GIFT file · C cases ·
 * R references · L the course as a whole · W warnings · N notes. A code never changes its meaning;
 * a retired one (Q14) is not reused.
 */
#ifndef COURSE_CODES_H
#define COURSE_CODES_H

#define COURSE_CODES(X)                                                                            \
    X(F01, ERROR, "not valid UTF-8", "save the file as UTF-8")                                     \
    X(F02, ERROR, "control character or byte order mark",                                          \
      "delete the character; only tab and line end are allowed")                                   \
    X(F03, ERROR, "file or course too large",                                                      \
      "a text file may have 256 KiB, an image 1 MiB, a course 8 MiB; split or shrink it")          \
    X(F04, ERROR, "a file that every course needs is missing",                                     \
      "add it; courses/AUTHORING.md shows an example")                                             \
    X(F05, ERROR, "file name not usable",                                                          \
      "use lower-case letters, digits and '-', such as lessons/03-asking-well.md")                 \
    X(F06, ERROR, "two files of one id",                                                           \
      "rename one: the id is the file name without number and extension")                          \
    X(F07, ERROR, "the file cannot be read", "check that it is a readable file")                   \
    X(F08, ERROR, "lesson with the name of a page that every course has",                          \
      "give the file another name, such as lessons/05-checking-in.md")                             \
    X(J01, ERROR, "JSON syntax", "correct the JSON at this place; the rest of it is not read")     \
    X(J02, ERROR, "a key twice in one object", "keep one of them")                                 \
    X(J03, ERROR, "unknown key", "remove it; courses/AUTHORING.md lists the keys there are")       \
    X(J04, ERROR, "value of the wrong type", "write the value as courses/AUTHORING.md shows it")   \
    X(J05, ERROR, "key missing", "add it; courses/AUTHORING.md shows an example")                  \
    X(J06, ERROR, "value not allowed", "choose one of the allowed values")                         \
    X(J07, ERROR, "id differs from the folder's name", "rename one of the two")                    \
    X(J08, ERROR, "two objectives of one id", "give each objective its own id")                    \
    X(J09, ERROR, "names an objective that is not there", "name an id from \"objectives\"")        \
    X(J10, ERROR, "out of pilot without what that takes",                                          \
      "keep \"stage\": \"pilot\" until a named reviewer has signed and references are checked")    \
    X(M01, ERROR, "raw HTML",                                                                      \
      "write it in Markdown; to show '<' itself put a backslash before it")                        \
    X(M02, ERROR, "heading jumps a level", "go down one level at a time: '#', '##', '###'")        \
    X(M03, ERROR, "image without alternative text",                                                \
      "say in words what it shows: ![a line that falls](media/NAME.png)")                          \
    X(M04, ERROR, "image is not in media/", "put it into the course's media/ folder")              \
    X(M05, ERROR, "link of a kind that is not allowed",                                            \
      "links begin with https:, mailto: or '#', or name a file in media/")                         \
    X(M06, ERROR, "link leads nowhere",                                                            \
      "link to a heading of this file, a file in media/, or an https address")                     \
    X(M07, ERROR, "unknown callout, or not allowed here",                                          \
      "a lesson may use KEY, CHECK, CASE, REFLECT, COMMIT, VOLATILE, SITE and TOOL")               \
    X(M08, ERROR, "callout names what is not there", "correct the name, or add what it names")     \
    X(M09, ERROR, "callout badly written",                                                         \
      "the marker stands alone on the quote's first line, as in > [!REFLECT r1]")                  \
    X(M10, ERROR, "citation not in references.md",                                                 \
      "add '## KEY' to references.md, or correct the key")                                         \
    X(M11, ERROR, "lesson without one title",                                                      \
      "begin the file with one '# Title'; the headings below it start with '##'")                  \
    X(M12, ERROR, "citation badly written", "write [@Key] or [@Key1; @Key2] on one line")          \
    X(Q01, ERROR, "item id not usable",                                                            \
      "use lower-case letters, digits and '-', such as q-humility-01")                             \
    X(Q02, ERROR, "item id twice", "ids are unique across all courses; change one")                \
    X(Q03, ERROR, "item has no stem", "write the question between the fields and the options")     \
    X(Q04, ERROR, "fewer than 2 or more than 6 options", "give 2 to 6 options, '- [ ] …' each")    \
    X(Q05, ERROR, "needs exactly one right option",                                                \
      "mark one option '- [x]', or use type: multiple")                                            \
    X(Q06, ERROR, "multiple without any key", "mark at least one option '- [x]'")                  \
    X(Q07, ERROR, "option has no rationale",                                                       \
      "add a quote under the option: '  > why this is, or is not, the answer'")                    \
    X(Q08, ERROR, "unknown objective", "name an objective's id from course.json")                  \
    X(Q09, ERROR, "\"all of the above\" or \"none of the above\"",                                 \
      "options are shuffled and this one teaches nothing; write a real option")                    \
    X(Q10, ERROR, "unknown field", "fields are objective, use, type, spaced and refs")             \
    X(Q11, ERROR, "field missing", "every item has objective, use and type")                       \
    X(Q12, ERROR, "field value not allowed",                                                       \
      "use: lesson or check; type: single, multiple, truefalse, order or match; spaced: yes or "   \
      "no")                                                                                        \
    X(Q13, ERROR, "field twice", "keep one of them")                                               \
    X(Q15, ERROR, "does not belong here",                                                          \
      "an item is: '## id', fields, stem, options '- [ ]' with a quote each, a final quote")       \
    X(Q16, ERROR, "option without [ ] or [x]", "write '- [ ] text', or '- [x] text' for a key")    \
    X(Q17, ERROR, "truefalse without the options True and False",                                  \
      "write '- [ ] True' and '- [ ] False' and mark the right one")                               \
    X(Q18, ERROR, "refs names what is not in references.md",                                       \
      "add '## KEY' to references.md, or correct the key")                                         \
    X(Q19, ERROR, "fewer than 3 or more than 6 entries", "an order or match has 3 to 6 entries")   \
    X(Q20, ERROR, "two entries alike", "give each entry words of its own")                         \
    X(Q21, ERROR, "order without a numbered list",                                                 \
      "write the entries in their right order: '1. text', and '   > why' under each")              \
    X(Q22, ERROR, "match without a table of two columns",                                          \
      "write '| Head | Head |', '| --- | --- |', a row for each pair; then '1. > why' for each")   \
    X(Q23, ERROR, "an empty cell in the table", "write something into it")                         \
    X(C01, ERROR, "choice leads to no scene", "link to a scene's heading, as in [text](#n2)")      \
    X(C02, ERROR, "scene cannot be reached from the start", "add a choice to it, or remove it")    \
    X(C03, ERROR, "no end can be reached from here",                                               \
      "lead its choices on, or mark a scene as an end: '## id {end}'")                             \
    X(C04, ERROR, "choice without consequence",                                                    \
      "add a quote under the choice: '  > what followed'")                                         \
    X(C05, ERROR, "decision with fewer than two choices that are not rated poor",                  \
      "offer at least two defensible options with a trade-off")                                    \
    X(C06, ERROR, "choice without a rating",                                                       \
      "end the line with {best}, {good}, {mixed} or {poor}")                                       \
    X(C07, ERROR, "two scenes of one id", "give each scene its own heading")                       \
    X(C08, ERROR, "case without scenes", "write each scene under its own '## id'")                 \
    X(C09, ERROR, "an end with choices", "an end has none; remove {end} or the choices")           \
    X(C10, ERROR, "scene badly written",                                                           \
      "a scene is: '## id', text, then one list of choices '- [text](#id) {rating}'")              \
    X(G01, ERROR, "answer without a rationale",                                                    \
      "write it behind the answer: # why this is, or is not, the answer")                          \
    X(G02, ERROR, "kind of question that a course does not have",                                  \
      "write it as a choice, a true or false, or a match")                                         \
    X(G03, ERROR, "question badly written",                                                        \
      "a question is: ::title:: text {=right # why ~wrong # why}, without an empty line")          \
    X(G04, ERROR, "HTML or Markdown that an item cannot hold",                                     \
      "it was left out; compare the item with its source")                                         \
    X(G05, WARNING, "weights that a course does not have",                                         \
      "single: all or nothing; multiple: each right choice earns the same, a wrong one costs it")  \
    X(R01, ERROR, "reference key twice", "keep one of them")                                       \
    X(R02, ERROR, "reference badly written",                                                       \
      "write '## Key' (letters, digits and '-'), then the reference as a paragraph")               \
    X(L01, ERROR, "objective without evidence",                                                    \
      "write a check item for it, or say \"evidence\": \"case\" or \"plan\" in course.json")       \
    X(L02, ERROR, "too few check items",                                                           \
      "write at least 1.5 times check_draw items with use: check")                                 \
    X(L03, ERROR, "lesson without its own item",                                                   \
      "write an item with use: lesson and show it: > [!CHECK q-id]")                               \
    X(L04, ERROR, "a check item inside a lesson",                                                  \
      "lesson items never appear in an assessment; use an item with use: lesson")                  \
    X(L05, ERROR, "names a part that the course does not have",                                    \
      "write the part (a case, a [!COMMIT] in a lesson), or take it out of course.json")           \
    X(L06, ERROR, "an item in two lessons", "write an item of its own for each lesson")            \
    X(W01, WARNING, "the key is the longest option too often",                                     \
      "shorten keys or lengthen distractors: length gives the answer away")                        \
    X(W02, WARNING, "keys stand mostly in one position", "vary the key's place in the file")       \
    X(W03, WARNING, "lesson under 150 or over 700 words", "aim at 300 to 600 words")               \
    X(W04, WARNING, "reading time does not fit \"minutes\"", "change \"minutes\" or the text")     \
    X(W05, WARNING, "review overdue", "review the course and set last_reviewed")                   \
    X(W06, WARNING, "review-by date has passed",                                                   \
      "check the statement and set a new date; until then a new publication is refused")           \
    X(W07, WARNING, "percentage without a citation", "cite its source: [@Key]")                    \
    X(W08, WARNING, "negative stem not marked", "turn it round, or mark the word: **not**")        \
    X(W09, WARNING, "a label for people", "name the person first, then the condition")             \
    X(W10, WARNING, "reference not used", "cite it, or remove it")                                 \
    X(W11, WARNING, "credit wording without a designation",                                        \
      "do not promise credit while \"credit\" says not-designated")                                \
    X(W12, WARNING, "written but shown nowhere", "show it in a lesson, or remove it")              \
    X(N01, NOTE, "a blank that the site has to fill", "fill it in courses/site.json")              \
    X(N02, NOTE, "file is not part of the course format", "it is ignored and not published")

#define COURSE_CODE_NAME(code, severity, meaning, hint) CODE_##code,
enum course_code { COURSE_CODES(COURSE_CODE_NAME) CODE__COUNT };
#undef COURSE_CODE_NAME

#endif
