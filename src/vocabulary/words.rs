//! The tables of the standard words. A word is never moved to another id: bills and rule files
//! name words by it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Collective, Dimension, Term, Word};

dimension! {
    /// A patient's identity, 人员类别 (codes: special person type).
    ///
    /// ```
    /// use payer_split::Category;
    ///
    /// assert_eq!(Category::named("低保"), Category::MINIMUM_LIVING);
    /// assert_eq!(Category::named("2"), Category::MINIMUM_LIVING);
    /// assert_eq!(Category::named("城市三无").local(), Some("城市三无"));
    /// ```
    Category {
        EXTREMELY_POOR "extremely-poor" "特困" "extremely poor person"
            codes ["1"] also ["特困人员"] is poverty;
        MINIMUM_LIVING "minimum-living" "低保" "minimum living allowance recipient"
            codes ["2"] also ["低保对象"] is poverty;
        REGISTERED_POOR "registered-poor" "建档立卡贫困户" "registered poor household"
            codes ["3"] also ["建档立卡", "建档立卡贫困人口"] is poverty;
        SEVERELY_DISABLED_POOR "severely-disabled-poor" "贫困重度残疾" "poor person with a severe disability"
            codes ["4"] also ["贫困重度残疾人"] is poverty;
        OTHER_POOR "other-poor" "其他" "other poor person" codes ["9"] is poverty;
        FIVE_GUARANTEES "five-guarantees" "五保户" "five guarantees household" also ["五保"] is poverty;
        ORPHAN "orphan" "孤儿" "orphan" is poverty;
        LOW_INCOME_FAMILY "low-income-family" "低收入家庭" "low-income family" is poverty;
        POVERTY_MONITORED "poverty-monitored" "监测对象" "person monitored against falling into poverty"
            is poverty;
        PREFERENTIAL_CARE "preferential-care" "优抚对象" "recipient of preferential care";
        CHILD_IN_DIFFICULTY "child-in-difficulty" "困境儿童" "child in difficulty" is poverty;
        DESTITUTE_WORKER "destitute-worker" "特困职工" "destitute worker" is poverty;
    }
}

dimension! {
    /// What a line of a bill is for, 费用类别 (codes: charge item type); the words after `OTHER`
    /// are beyond the national list.
    Fee {
        BED "bed" "床位费" "bed" codes ["01"];
        CONSULTATION "consultation" "诊察费" "consultation" codes ["02"];
        EXAMINATION "examination" "检查费" "examination" codes ["03"];
        LABORATORY "laboratory" "化验费" "laboratory" codes ["04"];
        TREATMENT "treatment" "治疗费" "treatment" codes ["05"];
        SURGERY "surgery" "手术费" "surgery" codes ["06"];
        NURSING "nursing" "护理费" "nursing" codes ["07"];
        MATERIAL "material" "卫生材料费" "medical material" codes ["08"];
        WESTERN_MEDICINE "western-medicine" "西药费" "western medicine" codes ["09"];
        HERBAL_PIECES "herbal-pieces" "中药饮片费" "Chinese herbal pieces" codes ["10"];
        CHINESE_PATENT "chinese-patent" "中成药费" "Chinese patent medicine" codes ["11"];
        GENERAL_TREATMENT "general-treatment" "一般诊疗费" "general treatment" codes ["12"];
        REGISTRATION "registration" "挂号费" "registration" codes ["13"];
        OTHER "other" "其他费" "other" codes ["14"];
        PHARMACY_SERVICE "pharmacy-service" "药事服务费" "pharmacy service";
        EMERGENCY_CALL "emergency-call" "120急诊费" "emergency call";
        AMBULANCE "ambulance" "救护车费" "ambulance";
        INFUSION "infusion" "输液费" "infusion";
        CHECK_UP "check-up" "体检费" "health check-up";
        FILE "file" "建档费" "opening a health file";
        PREMIUM "premium" "参保费" "insurance premium";
    }
}

dimension! {
    /// The catalogue class of a line, 目录类别 (codes: charge item level).
    Class {
        A "A" "甲类" "class A, wholly in scope" codes ["01"] also ["甲"];
        B "B" "乙类" "class B, in scope after a first self-payment" codes ["02"] also ["乙"];
        C "C" "丙类" "class C, wholly at own expense" codes ["03"] also ["丙", "自费"];
    }
}

dimension! {
    /// The kind of treatment that a bill is for, 医疗类别 (codes: medical type).
    Care {
        INPATIENT "inpatient" "普通住院" "inpatient" codes ["21"] also ["住院"];
        INJURY_INPATIENT "injury-inpatient" "外伤住院" "inpatient after an injury" codes ["22"];
        TRANSFERRED_INPATIENT "transferred-inpatient" "转外诊治住院" "inpatient, transferred out"
            codes ["23"];
        EMERGENCY_INPATIENT "emergency-inpatient" "急诊转住院" "inpatient after an emergency"
            codes ["24"];
        OUTPATIENT "outpatient" "普通门诊" "outpatient" codes ["11"] also ["门诊"];
        REGISTRATION_ONLY "registration-only" "门诊挂号" "outpatient registration" codes ["12"];
        EMERGENCY "emergency" "急诊" "emergency" codes ["13"];
        CHRONIC_OUTPATIENT "chronic-outpatient" "门诊慢特病" "outpatient, chronic disease"
            codes ["14"] also ["门诊慢性病"];
        SPECIAL_OUTPATIENT "special-outpatient" "门诊特殊病" "outpatient, special disease"
            also ["门诊大病"];
        PHARMACY "pharmacy" "定点药店" "designated pharmacy" codes ["41"];
        MATERNITY_OUTPATIENT "maternity-outpatient" "生育门诊" "maternity outpatient" codes ["51"];
        MATERNITY_INPATIENT "maternity-inpatient" "生育住院" "maternity inpatient" codes ["52"];
        SINGLE_DISEASE "single-disease" "单病种住院" "inpatient, paid by single disease";
        DAY_SURGERY "day-surgery" "日间手术" "day surgery";
        BEYOND_CARE "beyond-care" "医疗外费用" "costs beyond medical care";
    }
}

dimension! {
    /// The administrative tier of a facility, 机构层级.
    Tier {
        VILLAGE "village" "村" "village" also ["村级"];
        TOWNSHIP "township" "乡镇" "township" also ["乡镇级"];
        COUNTY "county" "县" "county" also ["县级"];
        CITY "city" "市" "city" also ["市级"];
        PROVINCE "province" "省" "province" also ["省级"];
    }
}

dimension! {
    /// The grade of a hospital, 医院等级.
    Grade {
        ONE "one" "一级" "grade one";
        TWO "two" "二级" "grade two";
        THREE "three" "三级" "grade three";
        UNGRADED "ungraded" "未定级" "ungraded";
    }
}

dimension! {
    /// Where the facility is, seen from the insured person's pool, 就医地.
    Place {
        IN_COUNTY "in-county" "县内" "in the county";
        IN_CITY "in-city" "市内县外" "in the city, outside the county";
        IN_PROVINCE "in-province" "省内市外" "in the province, outside the city";
        ELSEWHERE "elsewhere" "省外" "outside the province";
    }
}

dimension! {
    /// The patient's insurance scheme, 参保险种 (codes: insurance type).
    Scheme {
        RESIDENT "resident" "城乡居民" "urban and rural residents" codes ["390"];
        EMPLOYEE "employee" "职工" "employees" codes ["310"];
        NEW_RURAL "new-rural" "新农合" "new rural cooperative" codes ["380"];
        NONE "none" "未参保" "not insured";
    }
}

dimension! {
    /// The chronic or special disease of an outpatient bill, 门诊病种 (codes: outpatient disease).
    OutpatientDisease {
        ACTIVE_TUBERCULOSIS "active-tuberculosis" "活动性肺结核" "active pulmonary tuberculosis"
            codes ["M00105"];
        MALIGNANCY "malignancy" "恶性肿瘤门诊" "malignancy, outpatient treatment"
            codes ["M00500"];
        HAEMOPHILIA "haemophilia" "血友病" "haemophilia" codes ["M01200"];
        DIABETES "diabetes" "糖尿病" "diabetes" codes ["M01600"];
        SCHIZOPHRENIA "schizophrenia" "精神分裂症" "schizophrenia" codes ["M02101"];
        HYPERTENSION "hypertension" "高血压" "hypertension" codes ["M03900"];
        HAEMODIALYSIS "haemodialysis" "血液透析" "haemodialysis" codes ["M07803"];
        PERITONEAL_DIALYSIS "peritoneal-dialysis" "腹膜透析" "peritoneal dialysis"
            codes ["M07804"];
        TRANSPLANT_REJECTION "transplant-rejection" "器官移植抗排异"
            "treatment against rejection of a transplant" codes ["M08300"];
        CHRONIC_HEPATITIS_B "chronic-hepatitis-b" "慢性乙肝" "chronic hepatitis B"
            codes ["M00201"];
        CORONARY_DISEASE "coronary-disease" "冠心病" "coronary heart disease" codes ["M04600"];
        COPD "copd" "慢阻肺" "chronic obstructive pulmonary disease" codes ["M05300"];
    }
}

dimension! {
    /// A mark on a line, a bill or a facility, 标识.
    Mark {
        ESSENTIAL_DRUG "essential-drug" "基本药物" "essential drug";
        SPECIAL_DRUG "special-drug" "特殊药品" "special drug";
        IMPLANT "implant" "植入材料" "implanted material";
        TRADITIONAL_SERVICE "traditional-service" "中医药服务" "service of traditional medicine";
        TRADITIONAL_MEDICINE "traditional-medicine" "中医医院" "hospital of traditional medicine";
        UNCOMPLICATED "uncomplicated" "单纯病例" "uncomplicated case";
    }
}

dimension! {
    /// Something for which a patient is enrolled, 参加项目. No word is standard: rule files name
    /// their own.
    Enrolment {}
}

/// All kinds of stays, and all kinds of visits.
pub(super) const CARE_COLLECTIVES: &[Collective] = &[
    Collective {
        id: "any-inpatient",
        zh: "各类住院",
        en: "inpatient care of any kind",
        members: &[
            "inpatient",
            "injury-inpatient",
            "transferred-inpatient",
            "emergency-inpatient",
            "maternity-inpatient",
            "single-disease",
            "day-surgery",
        ],
    },
    Collective {
        id: "any-outpatient",
        zh: "各类门诊",
        en: "outpatient care of any kind",
        members: &[
            "outpatient",
            "registration-only",
            "emergency",
            "chronic-outpatient",
            "special-outpatient",
            "maternity-outpatient",
        ],
    },
];
