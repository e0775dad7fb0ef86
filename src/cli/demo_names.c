#include "cli/demo_names.h"
#include "base/text.h"
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

struct tradition {
    unsigned weight; /* out of 100 */
    const char *given[16], *family[16];
};

static const struct tradition traditions[] = {
    {28,
     {"Margaret", "James", "Susan", "Robert", "Karen", "Michael", "Elizabeth", "David", "Laura",
      "Andrew", "Rachel", "Thomas", "Emily", "Christopher", "Hannah", "Peter"},
     {"Carter", "Whitfield", "Brooks", "Hayes", "Sullivan", "Porter", "Bennett", "Coleman",
      "Fisher", "Graham", "Lawson", "Mitchell", "Parsons", "Reed", "Turner", "Walsh"}},
    {16,
     {"María", "José", "Carmen", "Luis", "Ana", "Javier", "Lucía", "Miguel", "Elena", "Rafael",
      "Gabriela", "Andrés", "Isabel", "Diego", "Rosa", "Tomás"},
     {"García", "Hernández", "Morales", "Castillo", "Reyes", "Delgado", "Fuentes", "Ibarra",
      "Núñez", "Ortega", "Peña", "Quiroga", "Ríos", "Salazar", "Vargas", "Zamora"}},
    {12,
     {"Wei", "Mei-Ling", "Jun", "Xiaoyan", "Hao", "Lihua", "Jian", "Yan", "Ming", "Fang", "Tao",
      "Qing", "Rui", "Hui", "Lei", "Ying"},
     {"Chen", "Wang", "Liu", "Zhang", "Lin", "Huang", "Wu", "Zhao", "Xu", "Sun", "Guo", "He", "Ma",
      "Luo", "Tang", "Feng"}},
    {11,
     {"Priya", "Arjun", "Anjali", "Rohan", "Lakshmi", "Vikram", "Meera", "Sanjay", "Kavita",
      "Imran", "Nadia", "Farhan", "Sunita", "Rajesh", "Ayesha", "Harpreet"},
     {"Raman", "Iyer", "Sharma", "Patel", "Menon", "Banerjee", "Singh", "Reddy", "Khan",
      "Chowdhury", "Desai", "Fernando", "Gupta", "Kapoor", "Nair", "Qureshi"}},
    {9,
     {"Amara", "Chidi", "Ngozi", "Kwame", "Adaeze", "Tunde", "Folake", "Kofi", "Zainab", "Emeka",
      "Abena", "Yaw", "Makena", "Tesfaye", "Hiwot", "Sekou"},
     {"Okafor", "Adeyemi", "Mensah", "Nwosu", "Balogun", "Asante", "Eze", "Owusu", "Kamau",
      "Bekele", "Diallo", "Ogunleye", "Boateng", "Haile", "Traoré", "Achebe"}},
    {6,
     {"Minh", "Linh", "Huy", "Thảo", "Anh", "Dũng", "Hương", "Khoa", "Lan", "Nam", "Phương", "Quân",
      "Thu", "Trang", "Vy", "Long"},
     {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
      "Dương", "Lý", "Mai", "Đinh"}},
    {6,
     {"Ji-woo", "Min-jun", "Seo-yeon", "Hyun-woo", "Soo-jin", "Dong-hyun", "Eun-ji", "Jae-won",
      "Hana", "Kenji", "Yuki", "Haruto", "Sakura", "Takeshi", "Naomi", "Sung-min"},
     {"Kim", "Lee", "Park", "Choi", "Jung", "Kang", "Yoon", "Lim", "Tanaka", "Sato", "Nakamura",
      "Yamamoto", "Ito", "Watanabe", "Hwang", "Shin"}},
    {6,
     {"Leila", "Omar", "Yasmin", "Karim", "Samira", "Hassan", "Shirin", "Dariush", "Nour", "Tariq",
      "Rania", "Bijan", "Layla", "Faisal", "Maryam", "Elias"},
     {"Haddad", "Khalil", "Rahimi", "Mansour", "Nasser", "Tehrani", "Aziz", "Farahani", "Saleh",
      "Khoury", "Hosseini", "Bakri", "Sabbagh", "Ahmadi", "Darwish", "Najjar"}},
    {6,
     {"Miriam", "Samuel", "Irina", "Dmitri", "Agnieszka", "Jakub", "Eva", "Lars", "Ingrid",
      "Matthias", "Sofia", "Nikolaos", "Giulia", "Marco", "Åsa", "Zoë"},
     {"Goldberg", "Katz", "Petrova", "Kowalski", "Novák", "Lindqvist", "Müller", "Schäfer",
      "Papadopoulos", "Rossi", "Conti", "Wójcik", "Rosen", "Sørensen", "Berger", "Levin"}},
};

/* Small letters without marks, for an address; what is not Latin here is left out. */
static void put_letters(struct buf *b, const char *s)
{
    static const struct {
        const char *marked;
        char plain;
    } folds[] = {{"áàâäãåảạăắÁÅ", 'a'}, {"éèêëễếÉ", 'e'}, {"íìîïÍ", 'i'},  {"óòôöõøồỗộơÓ", 'o'},
                 {"úùûüũươừÚ", 'u'},    {"ñńÑ", 'n'},     {"çćÇ", 'c'},    {"đĐ", 'd'},
                 {"ýỳÝ", 'y'},          {"łŁ", 'l'},      {"ạầảấẩậ", 'a'}, {"ùủụ", 'u'}};
    uint32_t point;
    while ((point = text_next(&s))) {
        char plain = point >= 'A' && point <= 'Z'   ? (char)(point + 32)
                     : point >= 'a' && point <= 'z' ? (char)point
                                                    : 0;
        for (size_t i = 0; !plain && i < COUNT(folds); i++) {
            const char *p = folds[i].marked;
            uint32_t one;
            while (!plain && (one = text_next(&p)))
                if (one == point)
                    plain = folds[i].plain;
        }
        if (plain)
            buf_putc(b, plain);
    }
}

static const char *letters_of(const char *given, const char *family, struct arena *a)
{
    struct buf b, first;
    buf_init(&b, 256);
    buf_init(&first, 256);
    put_letters(&first, given);
    if (first.length)
        buf_putc(&b, first.data[0]);
    put_letters(&b, family);
    const char *out = arena_strndup(a, b.data ? b.data : "", b.length);
    buf_free(&b);
    buf_free(&first);
    return out;
}

struct demo_name demo_name_make(struct rng *r, struct arena *a)
{
    uint32_t at = rng_below(r, 100);
    size_t t = 0;
    while (t + 1 < COUNT(traditions) && at >= traditions[t].weight)
        at -= traditions[t++].weight;
    const char *given = traditions[t].given[rng_below(r, 16)];
    const char *family = traditions[t].family[rng_below(r, 16)];
    uint32_t shape = rng_below(r, 100);
    if (shape < 6) { /* two traditions in one family name */
        const struct tradition *other = &traditions[rng_below(r, COUNT(traditions))];
        const char *second = other->family[rng_below(r, 16)];
        if (strcmp(second, family) != 0)
            family = arena_printf(a, "%s-%s", family, second);
    }
    struct demo_name n = {.family = family, .letters = letters_of(given, family, a)};
    if (shape >= 80)
        n.full =
            arena_printf(a, "%s %c. %s", given, "ABCDEFGHJKLMNPRSTW"[rng_below(r, 18)], family);
    else
        n.full = arena_printf(a, "%s %s", given, family);
    return n;
}

/* ---- departments ---- */

static const struct {
    const char *code, *name;
} departments[] = {
    {"medicine", "Medicine"},
    {"surgery", "Surgery"},
    {"pediatrics", "Pediatrics"},
    {"family-medicine", "Family Medicine"},
    {"psychiatry", "Psychiatry"},
    {"obstetrics-gynecology", "Obstetrics and Gynecology"},
    {"anesthesiology", "Anesthesiology"},
    {"radiology", "Radiology"},
    {"emergency-medicine", "Emergency Medicine"},
    {"neurology", "Neurology"},
    {"pathology", "Pathology"},
    {"dermatology", "Dermatology"},
    {"ophthalmology", "Ophthalmology"},
    {"orthopaedics", "Orthopaedic Surgery"},
    {"urology", "Urology"},
    {"neurosurgery", "Neurosurgery"},
    {"head-neck", "Head and Neck Surgery"},
    {"radiation-oncology", "Radiation Oncology"},
    {"physical-medicine", "Physical Medicine and Rehabilitation"},
    {"cardiology", "Medicine: Cardiology"},
    {"gastroenterology", "Medicine: Gastroenterology"},
    {"nephrology", "Medicine: Nephrology"},
    {"pulmonary", "Medicine: Pulmonary and Critical Care"},
    {"infectious-diseases", "Medicine: Infectious Diseases"},
    {"hematology-oncology", "Medicine: Hematology and Oncology"},
    {"rheumatology", "Medicine: Rheumatology"},
    {"endocrinology", "Medicine: Endocrinology"},
    {"geriatrics", "Medicine: Geriatrics"},
    {"hospital-medicine", "Medicine: Hospital Medicine"},
    {"neonatology", "Pediatrics: Neonatology"},
    {"transplant-surgery", "Surgery: Transplantation"},
    {"thoracic-surgery", "Surgery: Thoracic Surgery"},
};

static const char *const sites[] = {
    "Eastside", "Harbor",    "Valley",     "Westbrook",   "Northgate",  "Riverside",
    "Lakeview", "Hillcrest", "Bayview",    "Summit",      "Oakwood",    "Mesa",
    "Fairmont", "Elmhurst",  "Kingsway",   "Stonebridge", "Greenfield", "Pinecrest",
    "Seaside",  "Maplewood", "Brookhaven", "Cedar Park",  "Foothill",   "Glenwood",
};

struct demo_department demo_department_make(int number, struct arena *a)
{
    int kind = number % (int)COUNT(departments), site = number / (int)COUNT(departments);
    struct demo_department d = {departments[kind].code, departments[kind].name,
                                departments[kind].name};
    if (site == 0)
        return d;
    const char *place = sites[(size_t)(site - 1) % COUNT(sites)];
    int round = (site - 1) / (int)COUNT(sites);
    char *slug = text_lower_ascii(a, place);
    for (char *p = slug; *p; p++)
        if (*p == ' ')
            *p = '-';
    const char *numeral = round ? arena_printf(a, " %d", round + 1) : "";
    const char *suffix = round ? arena_printf(a, "-%d", round + 1) : "";
    d.code = arena_printf(a, "%.16s-%s%s", d.code, slug, suffix);
    d.name = arena_printf(a, "%s (%s%s)", d.name, place, numeral);
    return d;
}

/* ---- what people are ---- */

struct weighted {
    unsigned weight; /* the last one takes the rest of 100 */
    const char *text;
};

static const char *pick(struct rng *r, const struct weighted *list)
{
    uint32_t at = rng_below(r, 100);
    while (list[1].text && at >= list->weight)
        at -= list++->weight;
    return list->text;
}

const char *demo_profession(struct rng *r)
{
    static const struct weighted list[] = {
        {68, "Physician"},         {9, "Nurse practitioner"}, {6, "Physician assistant"},
        {4, "Psychologist"},       {4, "Pharmacist"},         {3, "Social worker"},
        {3, "Physical therapist"}, {3, "Scientist"},          {0, NULL}};
    return pick(r, list);
}

const char *demo_title(struct rng *r)
{
    static const struct weighted list[] = {{8, "Clinical Instructor"},
                                           {46, "Assistant Professor"},
                                           {26, "Associate Professor"},
                                           {20, "Professor"},
                                           {0, NULL}};
    return pick(r, list);
}

const char *demo_setting(struct rng *r)
{
    static const struct weighted list[] = {{46, "Hospital"},
                                           {34, "Outpatient clinic"},
                                           {12, "Both hospital and clinic"},
                                           {8, "Laboratory or office"},
                                           {0, NULL}};
    return pick(r, list);
}
